using PoolProxy.Core.Backend;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// The client's unnamed statement. PostgreSQL lets a Bind come in a later transaction than its Parse, but the server at hand may be another
/// one by then, or have somebody else's: so the Parse is remembered, and sent again where it is needed. One that is too long to remember
/// ties the client to its server until another takes its place.
/// </summary>
internal sealed class UnnamedStatement(RelayClient client)
{
    /// <summary>A larger buffer is let go when a statement of this size or less comes.</summary>
    private const int KeptBytes = 4096;

    private byte[]? _message;
    private int _length;
    private long _version;
    private bool _isLent;

    /// <summary>What running it may do.</summary>
    public StatementTraits Traits { get; private set; }

    public bool IsPinned { get; private set; }

    /// <summary>There is one that can be sent again.</summary>
    public bool IsRemembered => _length > 0;

    /// <summary>The server's unnamed statement is this one.</summary>
    public bool IsOnServer => ReferenceEquals(client.Server.UnnamedOwner, this) && client.Server.UnnamedVersion == _version;

    /// <summary>A whole Parse is being sent.</summary>
    public void Remember(ReadOnlySpan<byte> message, StatementTraits traits)
    {
        // Pinned, because it may become a segment of a write; never overwritten once it has.
        if (_message is null || _isLent || _message.Length < message.Length || (_message.Length > KeptBytes && message.Length <= KeptBytes))
        {
            _message = GC.AllocateUninitializedArray<byte>((message.Length + 63) & ~63, pinned: true);
            _isLent = false;
        }

        message.CopyTo(_message);
        _length = message.Length;
        Traits = traits;
        IsPinned = false;
        Claim();
    }

    /// <summary>A Parse too long to remember is being sent.</summary>
    public void Pin()
    {
        Forget();
        Traits = StatementTraits.Unknown | StatementTraits.SetsParameter;
        IsPinned = true;
        Claim();
    }

    public void Forget()
    {
        _length = 0;
        IsPinned = false;
    }

    /// <summary>Sends the remembered Parse again; its answer is swallowed.</summary>
    public unsafe void Send()
    {
        fixed (byte* pointer = _message)
        {
            client.Shared.ToServer.AddBorrowed(pointer, _length);
        }

        _isLent = true;
        Claim();
        client.Server.Expect(OwedKind.Parse, OwedOrigin.Proxy, ServerConnection.UnnamedTag);
        client.Route.Pool.Stats.ServerParseCount++;
    }

    private void Claim()
    {
        _version++;
        client.Server.UnnamedOwner = this;
        client.Server.UnnamedVersion = _version;
    }
}
