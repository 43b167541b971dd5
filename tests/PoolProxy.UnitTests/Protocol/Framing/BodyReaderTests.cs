using PoolProxy.Protocol.Framing;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Framing;

public sealed class BodyReaderTests
{
    [Fact]
    public void What_cannot_be_read_leaves_the_cursor_where_it_is()
    {
        var reader = new BodyReader("ab"u8);
        Assert.False(reader.TryReadInt32(out _));
        Assert.False(reader.TryReadCString(out _));
        Assert.False(reader.TryReadBytes(3, out _));
        Assert.False(reader.TryReadBytes(-1, out _));
        Assert.False(reader.TryReadBytes(int.MinValue, out _));
        Assert.Equal(2, reader.Rest.Length);
        Assert.True(reader.TryReadInt16(out short number));
        Assert.Equal(0x6162, number);
        Assert.True(reader.IsAtEnd);
        Assert.False(reader.TryReadByte(out _));
    }
}
