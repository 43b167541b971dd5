using PoolProxy.Core.Authentication.Lookups;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>One client's login as a method sees it: who it says it is, where it wants to go, and the words exchanged.</summary>
internal sealed class LoginExchange(ColdChannel channel, string user, string database, bool isConsole)
{
    public ColdChannel Channel { get; } = channel;

    /// <summary>The startup packet's user: a claim, not a proof.</summary>
    public string User { get; } = user;

    /// <summary>The database as the client named it.</summary>
    public string Database { get; } = database;

    /// <summary>It wants the console, not a database.</summary>
    public bool IsConsole { get; } = isConsole;

    /// <summary>No file knows the user, and auth_query was asked.</summary>
    public bool IsLookedUp { get; private set; }

    /// <summary>Who was found by auth_query; null where nobody was, or it was not asked.</summary>
    public FoundUser? Found { get; private set; }

    /// <summary>auth_query has answered.</summary>
    public void LookedUp(FoundUser? found) => (IsLookedUp, Found) = (true, found);

    /// <summary>It asks for physical replication, which names no database: only HBA lines for <c>replication</c> are for it.</summary>
    public bool IsPhysicalReplication { get; init; }

    /// <summary>
    /// What was decided while there were still words to exchange: it counts, however the client leaves before it has been told.
    /// </summary>
    public LoginResult? Decided { get; set; }

    /// <summary>While somebody outside of the process is asked: what a client that leaves gives up. Else null.</summary>
    public Action? Abandon { get; set; }

    /// <summary>Somebody outside was asked: the answer counts, also where the client has gone meanwhile.</summary>
    public bool IsAskedOutside { get; set; }

    public void Send(Action<MessageWriter> write)
    {
        using var writer = new MessageWriter();
        write(writer);
        Channel.Write(writer.WrittenSpan);
    }

    /// <summary>The body of the next PasswordMessage (or SASL response: the same type byte).</summary>
    /// <exception cref="ProtocolViolationException">Something else came, or it is longer than allowed.</exception>
    public async Task<ReadOnlyMemory<byte>> ReadResponseAsync(int maxBytes)
    {
        var message = await Channel.ReadMessageAsync(maxBytes + Frame.HeaderLength);
        return message.Type == FrontendType.Password
            ? message.Body
            : throw new ProtocolViolationException($"expected a password message, got '{(char)message.Type}'");
    }

    /// <summary>The next PasswordMessage's text without its terminator.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadPasswordAsync(int maxBytes)
    {
        var body = await ReadResponseAsync(maxBytes + 1);
        return PasswordMessage.TryRead(body.Span, out var message)
            ? body[..message.Password.Length]
            : throw new ProtocolViolationException("malformed PasswordMessage");
    }

    public ProxyError Refusal => LoginErrors.LoginRefused(User);
}
