using PoolProxy.Core.PreparedStatements;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// The client's unnamed statement. PostgreSQL lets a Bind come in a later transaction than its Parse, but the server at hand may be another
/// one by then, or have somebody else's: so the Parse is remembered, and sent again where it is needed. One that is too long to remember
/// ties the client to its server until another takes its place. One that is served by a shared statement is no server's unnamed one at all.
/// </summary>
internal sealed class UnnamedStatement(RelayClient client)
{
    /// <summary>A larger buffer is let go when a statement of this size or less comes.</summary>
    private const int KeptBytes = 4096;

    /// <summary>One up to this size is copied among what is sent; the scratch has room for that much with every message.</summary>
    private const int CopiedBytes = 2048;

    private byte[]? _message;
    private int _length;
    private long _version;
    private bool _isPinned;
    private int _sharedUnderWay;
    private long _sharedBatch;

    /// <summary>What running it may do.</summary>
    public StatementTraits Traits { get; private set; }

    /// <summary>The statement of ours that serves it; null where the server's own unnamed one does.</summary>
    public Statement? Shared { get; private set; }

    /// <summary>Whether <see cref="Shared"/> is sure: its Parse was sent in the batch under way, which fails with it, or is answered.</summary>
    public bool IsSharedSure => _sharedUnderWay == 0 || _sharedBatch == client.Server.Statements.SentBatches;

    /// <summary>It is on the server at hand and cannot be sent to another.</summary>
    public bool IsPinned => _isPinned && client.IsLinked && IsOnServer;

    /// <summary>There is one that can be sent again.</summary>
    public bool IsRemembered => _length > 0;

    /// <summary>The name that it deallocates, where that is a shared statement's: what the server is to deallocate in its place is put there for each Bind.</summary>
    public byte[]? Deallocates { get; private set; }

    /// <summary>Its text, where it is remembered: behind the header and the empty name of its Parse.</summary>
    public ReadOnlySpan<byte> Text
    {
        get
        {
            var text = _message.AsSpan(Frame.HeaderLength + 1, _length - Frame.HeaderLength - 1);
            return text[..text.IndexOf((byte)0)];
        }
    }

    /// <summary>Its text and types, as in the body of a Parse behind the name; empty where it is not known.</summary>
    public ReadOnlySpan<byte> Definition => Shared is { } shared ? shared.Definition
        : _length > Frame.HeaderLength + 1 ? _message.AsSpan(Frame.HeaderLength + 1, _length - Frame.HeaderLength - 1) : default;

    /// <summary>The server's unnamed statement is this one, if the batch that its Parse was sent in has not failed.</summary>
    private bool IsOnServer => ReferenceEquals(client.Server.UnnamedOwner, this) && client.Server.UnnamedVersion == _version;

    /// <summary>A whole Parse is being sent.</summary>
    public void Remember(ReadOnlySpan<byte> message, StatementTraits traits, byte[]? deallocates = null)
    {
        DropShared();
        if (_message is null || _message.Length < message.Length || (_message.Length > KeptBytes && message.Length <= KeptBytes))
        {
            _message = GC.AllocateUninitializedArray<byte>((message.Length + 63) & ~63);
        }

        message.CopyTo(_message);
        _length = message.Length;
        Traits = traits;
        Deallocates = deallocates;
        _isPinned = false;
        Claim();
    }

    /// <summary>
    /// Whether the batch under way may use it without sending it: it was sent in this very batch, which fails with it, or everything sent
    /// before has been answered.
    /// </summary>
    public bool TryUse()
    {
        if (!IsOnServer)
        {
            return false;
        }

        var server = client.Server;
        if (server.UnnamedBatch != server.Statements.SentBatches)
        {
            if (!server.Conversation.IsAnswered)
            {
                return false;
            }

            server.UnnamedBatch = server.Statements.SentBatches;
        }

        return true;
    }

    /// <summary>A Parse too long to remember is being sent.</summary>
    public void Pin()
    {
        Forget();
        Traits = StatementTraits.Unknown | StatementTraits.SetsParameter;
        _isPinned = true;
        Claim();
    }

    /// <summary>
    /// A Parse is being sent, or answered by the proxy, that this statement serves; one name of it, which the caller has acquired unless it
    /// is the one that serves already, is kept here.
    /// </summary>
    public void Share(Statement statement)
    {
        _sharedUnderWay++;
        _sharedBatch = client.Server.Statements.SentBatches;
        if (ReferenceEquals(statement, Shared))
        {
            return;
        }

        Forget();
        // Whatever the server has as its unnamed statement is not this one.
        _version++;
        Shared = statement;
        Traits = statement.Traits;
    }

    /// <summary>
    /// The oldest such Parse was answered. After one that failed there is no unnamed statement (exec_parse_message in postgres.c drops the
    /// one before first), unless another Parse was sent behind it. After one that was skipped PostgreSQL still has the one before; here
    /// there is none then: an error, and never the wrong statement.
    /// </summary>
    public void SharedAnswered(bool isParsed)
    {
        _sharedUnderWay--;
        if (!isParsed && _sharedUnderWay == 0)
        {
            DropShared();
        }
    }

    public void Forget()
    {
        DropShared();
        _length = 0;
        Deallocates = null;
        _isPinned = false;
    }

    /// <summary>
    /// Sends the remembered Parse again; its answer is swallowed. Nothing of it is lent beyond this call: the client's next Parse may take
    /// its memory while the list still waits.
    /// </summary>
    public unsafe void Send()
    {
        Claim();
        client.Server.Expect(OwedKind.Parse, OwedOrigin.Proxy, StatementTag.Unnamed);
        client.Route.Pool.Stats.ServerParseCount++;
        if (_length <= CopiedBytes)
        {
            _message.AsSpan(0, _length).CopyTo(client.Shared.ToServer.AddScratch(_length));
            return;
        }

        fixed (byte* pointer = _message)
        {
            client.Shared.ToServer.AddBorrowed(pointer, _length);
            client.SendRequests();
        }
    }

    /// <summary>Nothing of it is under way, and no server has it alone.</summary>
    public bool IsAtRest => _sharedUnderWay == 0 && !_isPinned;

    /// <summary>Gives what it remembers away, to be kept while the client is idle; null where it remembers nothing. Only at rest.</summary>
    public UnnamedMemory? TakeMemory()
    {
        var memory = IsRemembered || Shared is not null ? new UnnamedMemory(_length > 0 ? _message : null, _length, Traits, Shared, Deallocates) : null;
        Shared = null;
        _message = null;
        _length = 0;
        return memory;
    }

    /// <summary>Takes up what another remembered.</summary>
    public void Restore(UnnamedMemory memory)
    {
        _message = memory.Message;
        _length = memory.LengthBytes;
        Traits = memory.Traits;
        Shared = memory.Shared;
        Deallocates = memory.Deallocates;
    }

    private void DropShared()
    {
        if (Shared is { } statement)
        {
            Shared = null;
            client.Route.Catalogue.Release(statement);
        }
    }

    private void Claim()
    {
        _version++;
        client.Server.UnnamedOwner = this;
        client.Server.UnnamedVersion = _version;
        client.Server.UnnamedBatch = client.Server.Statements.SentBatches;
    }
}
