using PoolProxy.Core.Frontend;
using PoolProxy.Core.Pooling;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>
/// SHOW LOOPS: a row a loop: its clients and servers, what it has done, servers that came to it from other loops (<c>moved_in</c>), and the
/// longest that a client of it has waited for a server, since the start. <c>parked</c> clients have been idle for a while and keep next to nothing.
/// <c>io_calls</c> are the system calls to wait, receive and send; with <c>xact_count</c> they say what a transaction costs of them. <c>allocated_bytes</c> is what the loop's thread has
/// allocated of managed memory: logins and the console do, serving does not.
/// </summary>
internal sealed class ShowLoops : ShowByLoop
{
    /// <inheritdoc/>
    public override string Noun => "loops";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } =
    [
        Int("loop"), Int("clients"), Int("servers"), new("xact_count", TypeOid.Int8), new("moved_in", TypeOid.Int8), new("longest_wait_ms", TypeOid.Int8), new("faults", TypeOid.Int8),
        Int("parked"), new("turns", TypeOid.Int8), new("io_calls", TypeOid.Int8), new("allocated_bytes", TypeOid.Int8),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> RowsOf(FrontendServices services)
    {
        var pools = services.Routes.Pools.Pools;
        var sum = new PoolStats();
        foreach (var pool in pools)
        {
            sum.Add(pool.Stats);
        }

        var loop = services.Loop;
        return
        [
            [
                loop.Index, services.Clients.Count, pools.Sum(pool => pool.Servers.Count), sum.XactCount, sum.MovedCount,
                sum.LongestWaitMilliseconds, loop.FaultCount, services.Clients.All.Count(client => client.Parked is not null), loop.TurnNumber,
                loop.Engine.CallCount, GC.GetAllocatedBytesForCurrentThread(),
            ],
        ];
    }
}
