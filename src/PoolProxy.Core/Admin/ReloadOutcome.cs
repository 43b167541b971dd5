namespace PoolProxy.Core.Admin;

/// <summary>What came of a RELOAD.</summary>
/// <param name="Faults">Why the file was refused, each with its position; none means that it is in force.</param>
internal sealed record ReloadOutcome(IReadOnlyList<string> Faults);
