namespace PoolProxy.Testing.Failover;

/// <summary>What a failover under load was like for those who wrote.</summary>
/// <param name="Acknowledged">Rows whose commit was acknowledged.</param>
/// <param name="BeforeCount">Those of them before the primary died.</param>
/// <param name="Missing">Acknowledged rows that the new primary does not have.</param>
/// <param name="Errors">Answers other than an acknowledgement, by SQLSTATE.</param>
/// <param name="Reconnects">Client connections that were lost.</param>
/// <param name="LongestStall">The longest time any client waited for one row.</param>
/// <param name="Outage">From the primary's death until the new primary took writes: what no proxy can shorten.</param>
/// <param name="Gone">Rows that reached the old primary when it had come back.</param>
public sealed record FailoverResult(
    long Acknowledged, long BeforeCount, long Missing, IReadOnlyDictionary<string, int> Errors, int Reconnects, TimeSpan LongestStall, TimeSpan Outage, long Gone);
