using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW MEM: the memory of the process in bytes. There are no slabs to list; one row is the managed heap, the other all of it.</summary>
internal sealed class ShowMem : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "mem";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("name"), Int("size"), Int("used"), Int("free"), Int("memtotal")];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view)
    {
        var committed = GC.GetGCMemoryInfo().TotalCommittedBytes;
        var used = GC.GetTotalMemory(forceFullCollection: false);
        return
        [
            ["managed_heap", 1, Bounded(used), Bounded(committed - used), Bounded(committed)],
            ["process", 1, Bounded(Environment.WorkingSet), 0, Bounded(Environment.WorkingSet)],
        ];
    }

    private static int Bounded(long bytes) => (int)Math.Clamp(bytes, 0, int.MaxValue);
}
