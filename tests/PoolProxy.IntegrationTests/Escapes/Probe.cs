namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>A question to somebody behind an attack.</summary>
/// <param name="Who">Whom.</param>
/// <param name="Sql">The question.</param>
/// <param name="MustSay">The answer, or the SQLSTATE, that tells that nothing was reached.</param>
internal sealed record Probe(Who Who, string Sql, string MustSay)
{
    /// <summary>A condition that must not hold.</summary>
    public static Probe Not(Who who, string condition) => new(who, $"select {condition}", "f");
}
