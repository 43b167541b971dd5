using System.Runtime.CompilerServices;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Frontend;

/// <summary>Cancels under way for one pool: twice its size, as in PgBouncer, without a bound where the size has none; more wait for cancel_wait_timeout. Any thread may call.</summary>
internal sealed class CancelSlots
{
    private readonly ConditionalWeakTable<PoolState, SemaphoreSlim> _slots = [];

    public SemaphoreSlim Of(PoolState pool) => _slots.GetValue(pool, static pool => new SemaphoreSlim(pool.Config.PoolSize == 0 ? int.MaxValue : pool.Config.PoolSize * 2));
}
