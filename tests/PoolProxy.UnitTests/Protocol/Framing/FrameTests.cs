using System.Buffers.Binary;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Protocol.Framing;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Framing;

public sealed class FrameTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_length_that_does_not_count_itself_is_malformed(int stated) =>
        Assert.Equal(FrameStatus.Malformed, Frame.TryReadHeader(Header((byte)'Q', stated), out _, out _));

    [Theory]
    [InlineData(4, 5L)]
    [InlineData(5, 6L)]
    [InlineData(int.MaxValue, 2147483648L)]
    public void The_total_counts_the_type_byte_and_does_not_wrap(int stated, long expected)
    {
        Assert.Equal(FrameStatus.Complete, Frame.TryReadHeader(Header((byte)'Q', stated), out byte type, out long total));
        Assert.Equal((byte)'Q', type);
        Assert.Equal(expected, total);
    }

    [Fact]
    public void Fewer_bytes_than_a_header_need_more()
    {
        for (int length = 0; length < Frame.HeaderLength; length++)
            Assert.Equal(FrameStatus.NeedMore, Frame.TryReadHeader(Header((byte)'Q', 4).AsSpan(0, length), out _, out _));
    }

    [Fact]
    public void Any_header_reads_as_what_it_states() => Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<byte>(), (stated, letter) =>
    {
        FrameStatus status = Frame.TryReadHeader(Header(letter, stated), out byte type, out long total);
        return stated < 4 ? status == FrameStatus.Malformed && total == 0 : status == FrameStatus.Complete && type == letter && total == stated + 1L;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reading_headers_allocates_nothing()
    {
        byte[] header = Header((byte)'D', 100);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int i = 0; i < 1000; i++) Assert.True(Read(header) == 101);
        }));
    }

    private static long Read(byte[] header)
    {
        Frame.TryReadHeader(header, out _, out long total);
        return total;
    }

    private static byte[] Header(byte type, int stated)
    {
        byte[] header = new byte[Frame.HeaderLength];
        header[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(1), stated);
        return header;
    }
}
