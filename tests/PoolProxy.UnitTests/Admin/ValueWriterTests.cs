using PoolProxy.Core.Admin.Results;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using Xunit;

namespace PoolProxy.UnitTests.Admin;

public sealed class ValueWriterTests
{
    [Theory]
    [InlineData(7, TypeOid.Int4, "00000007")]
    [InlineData(7L, TypeOid.Int8, "0000000000000007")]
    [InlineData(4294967296L, TypeOid.Int8, "0000000100000000")]
    [InlineData(0L, TypeOid.Numeric, "0000000000000000")]
    [InlineData(7L, TypeOid.Numeric, "00010000000000000007")]
    [InlineData(10000L, TypeOid.Numeric, "000200010000000000010000")]
    [InlineData(1234567890123L, TypeOid.Numeric, "0004000300000000000109291A85007B")]
    [InlineData(true, TypeOid.Bool, "01")]
    [InlineData("é", TypeOid.Text, "C3A9")]
    public void Binary_values_are_as_PostgreSQL_sends_them(object value, int type, string expected) => Assert.Equal(expected, Convert.ToHexString(Written(value, type, isBinary: true)!));

    [Theory]
    [InlineData(7, TypeOid.Int4, "7")]
    [InlineData(1234567890123L, TypeOid.Numeric, "1234567890123")]
    [InlineData(false, TypeOid.Bool, "f")]
    [InlineData("é", TypeOid.Text, "é")]
    public void Text_values_are_as_PostgreSQL_prints_them(object value, int type, string expected) =>
        Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(Written(value, type, isBinary: false)!));

    [Fact]
    public void Null_has_no_bytes() => Assert.Null(Written(null, TypeOid.Int4, isBinary: true));

    private static byte[]? Written(object? value, int type, bool isBinary)
    {
        using var writer = new MessageWriter();
        DataRow.Begin(writer, 1);
        ValueWriter.Write(writer, value, type, isBinary);
        DataRow.End(writer);
        Assert.True(DataRow.TryRead(writer.WrittenSpan[Frame.HeaderLength..], out var row));
        return row.TryGetValue(0, out var bytes) ? bytes.ToArray() : null;
    }
}
