using System.Runtime.CompilerServices;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Frontend;

/// <summary>What the loops' routes to a pool share, for as long as the pool lives. Any thread may call.</summary>
internal sealed class RouteShares
{
    private readonly ConditionalWeakTable<PoolState, RouteShare> _shares = [];

    public RouteShare Of(PoolState pool) => _shares.GetValue(pool, static pool => new RouteShare(pool.IsShared));
}
