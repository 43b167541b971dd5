using PoolProxy.Testing.Wire;

namespace PoolProxy.Testing;

/// <summary>What a server said at login.</summary>
/// <param name="Messages">Every message from the first up to ReadyForQuery or ErrorResponse.</param>
public sealed record RawLogin(IReadOnlyList<WireMessage> Messages)
{
    /// <summary>The error that ended the login; null where it went through.</summary>
    public WireMessage? Error => Messages.FirstOrDefault(message => message.Name == "ErrorResponse");

    /// <summary>Names of the messages in order.</summary>
    public IEnumerable<string> Names => Messages.Select(message => message.Name);
}
