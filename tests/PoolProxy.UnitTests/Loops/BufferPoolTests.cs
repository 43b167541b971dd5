using PoolProxy.Core.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Loops;

public sealed class BufferPoolTests
{
    private readonly BufferPool _pool = new();

    [Theory]
    [InlineData(0, 4096)]
    [InlineData(1, 4096)]
    [InlineData(4096, 4096)]
    [InlineData(4097, 8192)]
    [InlineData(65536, 65536)]
    [InlineData(65537, 131072)]
    [InlineData(1048576, 1048576)]
    [InlineData(1048577, 1048577)]
    public void A_request_is_met_from_the_smallest_size_class_that_holds_it(int asked, int given) =>
        Assert.Equal(given, _pool.Rent(asked).Capacity);

    [Fact]
    public void A_returned_buffer_is_given_out_again_empty()
    {
        var buffer = _pool.Rent(5000);
        buffer.Append([1, 2, 3]);
        buffer.Return();

        var again = _pool.Rent(8000);

        Assert.Same(buffer, again);
        Assert.Equal(0, again.Length);
        Assert.Equal(8192, _pool.RentedBytes);
        Assert.Equal(0, _pool.CachedBytes);
    }

    [Fact]
    public void What_is_kept_is_bounded_in_each_size_class()
    {
        var buffers = Enumerable.Range(0, 10).Select(_ => _pool.Rent(BufferPool.LargestBytes)).ToList();
        buffers.ForEach(buffer => buffer.Return());

        Assert.Equal(BufferPool.CacheBytesPerClass, _pool.CachedBytes);
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Fact]
    public void A_buffer_beyond_the_largest_class_is_not_kept()
    {
        _pool.Rent(BufferPool.LargestBytes + 1).Return();

        Assert.Equal(0, _pool.CachedBytes);
        Assert.Equal(0, _pool.RentedBytes);
    }

    [Fact]
    public unsafe void A_collection_does_not_move_a_buffer()
    {
        var buffer = _pool.Rent(4096);
        buffer.Append([42]);
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);

        Assert.Equal(42, *buffer.Pointer);
    }

    [Fact]
    public void Append_takes_what_there_is_room_for()
    {
        var buffer = _pool.Rent(4096);

        Assert.Equal(4000, buffer.Append(new byte[4000]));
        Assert.Equal(96, buffer.Append(new byte[200]));
        Assert.Equal(4096, buffer.Length);
    }
}
