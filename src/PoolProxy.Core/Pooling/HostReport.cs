using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Pooling;

/// <summary>What is known of a host at one moment. Times are of the loops' clock; long.MinValue where there was none.</summary>
/// <param name="Nature">What it last said it is; null before it has.</param>
/// <param name="IsDown">It has not answered several times in a row.</param>
/// <param name="Failures">How often in a row it has not answered.</param>
/// <param name="LastFailure">Why the last time.</param>
/// <param name="AnsweredMilliseconds">When it last said what it is.</param>
/// <param name="RetryMilliseconds">It is left alone until then.</param>
/// <param name="IsLost">It has not answered for so long that its timeline does not count any more.</param>
internal readonly record struct HostReport(HostNature? Nature, bool IsDown, int Failures, string LastFailure, long AnsweredMilliseconds, long RetryMilliseconds, bool IsLost);
