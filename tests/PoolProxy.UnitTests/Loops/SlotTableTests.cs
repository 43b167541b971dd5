using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Native;
using Xunit;

namespace PoolProxy.UnitTests.Loops;

public sealed unsafe class SlotTableTests
{
    [Fact]
    public void A_slot_that_is_used_again_does_not_answer_to_its_old_name()
    {
        var table = new SlotTable<object>();
        var ids = new List<SocketId>();
        var first = Add();
        table.Remove(ids[0]);
        var second = Add();

        Assert.Equal(ids[0].Slot, ids[1].Slot);
        Assert.NotEqual(ids[0], ids[1]);
        Assert.Null(table.Find(ids[0]));
        Assert.Same(second, table.Find(ids[1]));
        Assert.NotSame(first, second);

        table.Remove(ids[0]);
        Assert.Same(second, table.Find(ids[1]));

        object Add() => table.Add(
            static (id, list) =>
            {
                list.Add(id);
                return new object();
            },
            ids);
    }

    [Fact]
    public void A_name_survives_its_way_through_the_kernel()
    {
        var id = new SocketId(123_456, 0x0FFF_FFFE);
        var bytes = stackalloc byte[EpollEvent.LargestSizeBytes];
        EpollEvent.Write(bytes, Libc.EPOLLIN, id.ToUserData());

        Assert.Equal(Libc.EPOLLIN, EpollEvent.EventsOf(bytes));
        Assert.Equal(id, SocketId.FromUserData(EpollEvent.DataOf(bytes)));
        Assert.Equal(id, SocketId.FromUserData(id.ToUserData(tag: 15)));
        Assert.Equal(15, SocketId.TagOf(id.ToUserData(tag: 15)));
        Assert.Equal(0u, SocketId.NextGeneration(SocketId.NextGeneration(id.Generation)));
    }

    [Fact]
    public void The_kernels_structures_have_the_sizes_of_this_machine()
    {
        Assert.Equal(System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 ? 12 : 16, EpollEvent.SizeBytes);
        Assert.Equal(16, sizeof(IoVector));
        Assert.Equal(56, sizeof(MessageHeader));
    }
}
