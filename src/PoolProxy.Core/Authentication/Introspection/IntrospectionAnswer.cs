namespace PoolProxy.Core.Authentication.Introspection;

/// <summary>What came of a question about a token.</summary>
/// <param name="Body">The issuer's answer, within bounds; whoever wants it reads it by the policy and the time of its own. Empty with a fault.</param>
/// <param name="Fault">Why there is none: a sentence without anything of the token, for the log; null where there is one.</param>
internal readonly record struct IntrospectionAnswer(ReadOnlyMemory<byte> Body, string? Fault = null)
{
    public static IntrospectionAnswer Failed(string fault) => new(default, fault);
}
