namespace PoolProxy.Core.Backend;

/// <summary>What tells a server's session from every other of its cluster, beside its process id, and how its clock goes.</summary>
/// <param name="StartMicroseconds">backend_start of pg_stat_activity, since 1970, by the server's clock.</param>
/// <param name="ClockOffsetMicroseconds">The server's clock, since 1970, less the loops' clock, as they stood at the login.</param>
internal sealed record BackendSession(long StartMicroseconds, long ClockOffsetMicroseconds)
{
    /// <summary>A time of the loops' clock by the server's, so that it need not agree with the proxy's wall clock.</summary>
    public long ToServerMicroseconds(long nowMilliseconds) => (nowMilliseconds * 1000) + ClockOffsetMicroseconds;
}
