using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;
using PoolProxy.Testing.Wire;

namespace PoolProxy.Testing.Soak;

/// <summary>A connection that looks at each message without keeping it: a soak reads tens of millions.</summary>
internal sealed class SoakConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _key = new byte[8];
    private byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    /// <summary>Sees the type and body of each message.</summary>
    public delegate void Look(byte type, ReadOnlySpan<byte> body);

    /// <summary>Connects and logs in with a token.</summary>
    /// <returns>Null, or the SQLSTATE of the refusal.</returns>
    public async Task<string?> LogInAsync(int port, string user, string database, string token)
    {
        await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await SendAsync(StartupPackets.StartupMessage(StartupPackets.Version30, [KeyValuePair.Create("user", user), KeyValuePair.Create("database", database)]));
        string? refused = null;
        bool isAsked = false;
        Look look = (type, body) =>
        {
            if (type == BackendType.Authentication && BinaryPrimitives.ReadInt32BigEndian(body) != 0)
            {
                isAsked = true;
            }
            else if (type == BackendType.BackendKeyData)
            {
                body[..8].CopyTo(_key);
            }
            else if (type == BackendType.ErrorResponse)
            {
                refused = SqlState(body);
            }
        };
        if (await ReadAsync(look, untilAuthentication: true) && isAsked)
        {
            using var message = new MessageWriter();
            PasswordMessage.Write(message, Encoding.ASCII.GetBytes(token));
            await SendAsync(message.WrittenMemory);
        }
        return await ReadAsync(look) && refused is null ? null : refused ?? "lost";
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>A CancelRequest for this session on a connection of its own.</summary>
    public async Task CancelAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await socket.SendAsync(StartupPackets.CancelRequest(BinaryPrimitives.ReadInt32BigEndian(_key), _key.AsSpan(4).ToArray()));
        await socket.ReceiveAsync(new byte[1]);
    }

    /// <summary>Reads up to the next ReadyForQuery; false at the end of the connection.</summary>
    /// <exception cref="TimeoutException">Nothing came for long.</exception>
    public async Task<bool> ReadAsync(Look look, bool untilAuthentication = false)
    {
        while (true)
        {
            while (TryTake(out byte type, out int offset, out int length))
            {
                look(type, _buffer.AsSpan(offset, length));
                if (type == BackendType.ReadyForQuery || (untilAuthentication && type is BackendType.Authentication or BackendType.ErrorResponse))
                {
                    return true;
                }
            }
            Compact();
            try
            {
                int received = await _socket.ReceiveAsync(_buffer.AsMemory(_end)).AsTask().WaitAsync(Patience);
                if (received == 0)
                {
                    return false;
                }
                _end += received;
            }
            catch (SocketException)
            {
                return false;
            }
        }
    }

    public static string SqlState(ReadOnlySpan<byte> body)
    {
        int field = body.IndexOf((byte)'C');
        while (field > 0 && body[field - 1] != 0)
        {
            int next = body[(field + 1)..].IndexOf((byte)'C');
            field = next < 0 ? -1 : field + 1 + next;
        }
        return field < 0 || body.Length < field + 6 ? "?" : Encoding.ASCII.GetString(body.Slice(field + 1, 5));
    }

    /// <summary>Without a Terminate, whatever is under way.</summary>
    public void Dispose() => _socket.Dispose();

    private bool TryTake(out byte type, out int offset, out int length)
    {
        type = 0;
        offset = length = 0;
        if (_end - _start < Frame.HeaderLength)
        {
            return false;
        }
        int total = 1 + BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + 1));
        if (_end - _start < total)
        {
            return false;
        }
        type = _buffer[_start];
        offset = _start + Frame.HeaderLength;
        length = total - Frame.HeaderLength;
        _start += total;
        return true;
    }

    private void Compact()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }
}
