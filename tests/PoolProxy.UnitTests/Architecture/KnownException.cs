namespace PoolProxy.UnitTests.Architecture;

/// <summary>A use that breaks a rule and is meant to. Each needs a reason; one that is no longer needed fails a test.</summary>
/// <param name="From">The outermost type that may.</param>
/// <param name="Target">The outermost type that it may name.</param>
/// <param name="Reason">Why the rule gives way here, in a sentence.</param>
internal sealed record KnownException(string From, string Target, string Reason)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<KnownException> All { get; } =
    [
    ];

    public bool Covers(Use use) => use.From == From && use.Target == Target;
}
