namespace PoolProxy.Core.Authentication.Keys;

/// <summary>How the fetching of an issuer's keys does.</summary>
/// <param name="SinceLast">How long ago the last one began; null before the first.</param>
/// <param name="UntilNext">When keys are fetched next without a reason.</param>
/// <param name="IsUnderWay">One is under way.</param>
internal readonly record struct FetchState(TimeSpan? SinceLast, TimeSpan UntilNext, bool IsUnderWay);
