using System.Buffers.Binary;
using PoolProxy.Core.Frontend;
using Xunit;

namespace PoolProxy.UnitTests.Frontend;

public sealed class PeerMarkTests
{
    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(0x1234, 1, 3)]
    [InlineData(16383, 63, 64)]
    public void A_key_has_its_peer_where_PgBouncer_looks_for_it(int peerId, int loop, int loops)
    {
        var keys = new CancelKeys(loop, peerId);
        for (var i = 0; i < 2000; i++)
        {
            var processId = keys.NextProcessId(loops);
            var key = new byte[8];
            BinaryPrimitives.WriteInt32BigEndian(key, processId);
            keys.NextSecret(CancelSecret.ShortBytes).CopyTo(key.AsSpan(4));

            Assert.True(processId > 0);
            Assert.Equal(peerId, key[1] + (key[2] << 8));
            Assert.Equal(3, key[7] & 3);
            Assert.Equal(peerId, PeerMark.PeerOf(processId));
            Assert.Equal(loop, CancelKeys.LoopOf(processId, loops, peerId));
        }
    }

    [Fact]
    public void Numbers_of_one_process_differ_in_all_their_free_bits()
    {
        var keys = new CancelKeys(0, peerId: 0x3FFF);
        var all = Enumerable.Range(0, 400).Select(_ => PeerMark.FreeBitsOf(keys.NextProcessId(1))).ToArray();
        Assert.Equal(PeerMark.HighestFreeBits, all.Aggregate((one, other) => one | other));
        Assert.Equal(0, all.Aggregate((one, other) => one & other));
    }

    [Fact]
    public void It_may_be_passed_on_three_times()
    {
        byte[] secret = [1, 2, 3, 0xFF];
        Assert.True(PeerMark.TryTakeHop(secret));
        Assert.True(PeerMark.TryTakeHop(secret));
        Assert.True(PeerMark.TryTakeHop(secret));
        Assert.False(PeerMark.TryTakeHop(secret));
        PeerMark.FillHops(secret);
        Assert.Equal([1, 2, 3, 0xFF], secret);
    }

    [Fact]
    public async Task A_pool_lets_so_many_through_and_the_others_in_order()
    {
        var pool = new PeerPool();
        Assert.True(await pool.EnterAsync(1, TimeSpan.Zero, TimeProvider.System));
        var second = pool.EnterAsync(1, TimeSpan.Zero, TimeProvider.System);
        var third = pool.EnterAsync(1, TimeSpan.Zero, TimeProvider.System);
        Assert.Equal(2, pool.WaitingCount);
        pool.Leave();
        Assert.True(await second);
        Assert.False(third.IsCompleted);
        Assert.False(await pool.EnterAsync(1, TimeSpan.FromMilliseconds(1), TimeProvider.System));
        pool.Leave();
        Assert.True(await third);
        pool.Leave();
        Assert.Equal(0, pool.WaitingCount);
        Assert.True(await pool.EnterAsync(0, TimeSpan.Zero, TimeProvider.System));
    }
}
