using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Admin.Show;

/// <summary>SHOW MEM: the memory of the process in bytes. There are no slabs to list; one row is the managed heap, the other all of it.</summary>
internal sealed class ShowMem : ShowCommand
{
    /// <inheritdoc/>
    public override string Noun => "mem";

    /// <inheritdoc/>
    public override IReadOnlyList<Column> Columns { get; } = [Text("name"), Int("size"), Int("used"), Int("free"), new Column("memtotal", TypeOid.Int8)];

    /// <inheritdoc/>
    protected override IEnumerable<object?[]> Rows(ConsoleView view)
    {
        var heap = GC.GetGCMemoryInfo().TotalCommittedBytes;
        return [["managed_heap", 1, (int)Math.Min(int.MaxValue, GC.GetTotalMemory(false)), (int)Math.Min(int.MaxValue, Math.Max(0, heap - GC.GetTotalMemory(false))), heap], ["process", 1, (int)Math.Min(int.MaxValue, Environment.WorkingSet), 0, Environment.WorkingSet]];
    }
}
