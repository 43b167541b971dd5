using System.Runtime.CompilerServices;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Frontend;

/// <summary>What the loops' routes to a pool share, for as long as the pool lives. Any thread may call.</summary>
internal sealed class RouteShares
{
    private readonly ConditionalWeakTable<PoolState, RouteShare> _shares = [];

    /// <summary>The databases' clocks: one for all pools of a database.</summary>
    public SchemaClocks Schemas { get; } = new();

    public RouteShare Of(PoolState pool) => _shares.GetValue(pool, static pool => new RouteShare(pool.IsShared));
}
