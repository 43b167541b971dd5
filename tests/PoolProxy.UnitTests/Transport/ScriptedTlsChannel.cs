using PoolProxy.Core.Transport;
using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.UnitTests.Transport;

/// <summary>
/// TLS without cryptography: a handshake of one byte <c>H</c> each way, then bytes as they are, <c>.</c> for close_notify. It keeps what it was
/// asked to do, and fails when it is told to.
/// </summary>
internal sealed class ScriptedTlsChannel(bool isClient = false) : ITlsChannel
{
    private readonly Queue<byte> _plain = new();
    private readonly Queue<byte> _cipher = new(isClient ? "H"u8.ToArray() : []);

    public List<int> Writes { get; } = [];

    public List<long> HandshakeTurns { get; } = [];

    public Func<long>? Turn { get; set; }

    public bool FailsAtWrite { get; set; }

    public int ReadAtMost { get; set; } = int.MaxValue;

    public bool IsDisposed { get; private set; }

    public TlsState State { get; private set; }

    public string? Failure { get; private set; }

    public int PendingCipher => _cipher.Count;

    public string? Version => null;

    public string? Cipher => null;

    public ReadOnlyMemory<byte> PeerCertificate => default;

    public ReadOnlyMemory<byte> TlsServerEndPoint => default;

    public int CipherBits => 0;

    public string? Group => null;

    public string? ApplicationProtocol => null;

    public bool IsPeerVerified => false;

    public CertificateDescription? DescribePeer() => null;

    public void Feed(ReadOnlySpan<byte> cipher)
    {
        foreach (var value in cipher)
        {
            if (State == TlsState.Handshaking)
            {
                HandshakeTurns.Add(Turn?.Invoke() ?? 0);
                if (value == 'H')
                {
                    State = TlsState.Open;
                    if (!isClient)
                    {
                        _cipher.Enqueue((byte)'H');
                    }
                }
                else
                {
                    Fail("no handshake");
                }
            }
            else
            {
                _plain.Enqueue(value);
            }
        }
    }

    public int Read(Span<byte> plain)
    {
        var count = 0;
        while (State == TlsState.Open && count < Math.Min(plain.Length, ReadAtMost) && _plain.TryDequeue(out var value))
        {
            if (value == '.')
            {
                State = TlsState.PeerClosed;
                break;
            }

            plain[count++] = value;
        }

        return count;
    }

    public void Write(ReadOnlySpan<byte> plain)
    {
        Writes.Add(plain.Length);
        if (FailsAtWrite)
        {
            Fail("cannot encrypt");
            return;
        }

        foreach (var value in plain)
        {
            _cipher.Enqueue(value);
        }
    }

    public int TakeCipher(Span<byte> destination)
    {
        var count = 0;
        while (count < destination.Length && _cipher.TryDequeue(out var value))
        {
            destination[count++] = value;
        }

        return count;
    }

    public void CloseNotify() => _cipher.Enqueue((byte)'.');

    public void Dispose() => IsDisposed = true;

    private void Fail(string reason)
    {
        State = TlsState.Failed;
        Failure = reason;
        _cipher.Enqueue((byte)'!');
    }
}
