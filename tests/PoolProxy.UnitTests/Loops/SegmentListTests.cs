using Microsoft.Extensions.Logging.Abstractions;
using PoolProxy.Core.Loops;
using Xunit;

namespace PoolProxy.UnitTests.Loops;

public sealed unsafe class SegmentListTests : IDisposable
{
    private readonly Loop _loop = new(0, TimeProvider.System, NullLogger.Instance);
    private readonly SegmentList _segments;
    private readonly LoopBuffer _buffer;

    public SegmentListTests()
    {
        _segments = new SegmentList(_loop);
        _buffer = _loop.Buffers.Rent(4096);
        _buffer.Append("abcdefgh"u8);
    }

    [Fact]
    public void Pieces_keep_their_order_and_their_bytes()
    {
        var received = new ReceivedBytes(_buffer.Pointer, 8, 3);
        _segments.AddReceived(received, 2, 3);
        _segments.AddConstant("xyz"u8);
        "12"u8.CopyTo(_segments.AddScratch(2));
        _segments.AddBorrowed(_buffer.Pointer, 1);

        Assert.Equal(["cde", "xyz", "12", "a"], All());
        Assert.Equal(9, _segments.LengthBytes);
        Assert.Equal(SegmentOrigin.Received, _segments.OriginOf(0));
        Assert.Equal(3, _segments.BufferIdOf(0));
    }

    [Fact]
    public void Neighbours_in_memory_become_one_piece_only_when_they_are_of_one_lease()
    {
        var received = new ReceivedBytes(_buffer.Pointer, 8, 3);
        var other = new ReceivedBytes(_buffer.Pointer, 8, 4);
        _segments.AddReceived(received, 0, 2);
        _segments.AddReceived(received, 2, 2);
        _segments.AddReceived(other, 4, 1);

        Assert.Equal(["abcd", "e"], All());
    }

    [Fact]
    public void Its_bounds_are_told_before_they_are_reached()
    {
        for (var i = 0; i < SegmentList.MaxSegments; i++)
        {
            Assert.True(_segments.HasRoom(1, 0));
            _segments.AddBorrowed(_buffer.Pointer, 1);
        }

        Assert.False(_segments.HasRoom(1, 0));
        Assert.True(_segments.HasRoom(0, SegmentList.ScratchCapacityBytes));
        Assert.False(_segments.HasRoom(0, SegmentList.ScratchCapacityBytes + 1));
        Assert.Throws<InvalidOperationException>(() => _segments.AddBorrowed(_buffer.Pointer, 1));

        _segments.Clear();
        Assert.True(_segments.HasRoom(SegmentList.MaxSegments, SegmentList.ScratchCapacityBytes));
        Assert.Equal(0, _segments.LengthBytes);
        _ = _segments.AddScratch(SegmentList.ScratchCapacityBytes);
        Assert.Throws<InvalidOperationException>(() =>
        {
            _ = _segments.AddScratch(1);
        });
    }

    [Fact]
    public void Nothing_is_no_piece()
    {
        _segments.AddConstant(""u8);
        _ = _segments.AddScratch(0);

        Assert.Equal(0, _segments.Count);
    }

    public void Dispose() => _loop.Dispose();

    private List<string> All() =>
        [.. Enumerable.Range(0, _segments.Count).Select(i => System.Text.Encoding.ASCII.GetString(_segments.BytesOf(i)))];
}
