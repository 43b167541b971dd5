using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

/// <summary>Quoting is total: what is written means exactly the value, or nothing is written.</summary>
public class SqlQuotingTests
{
    [Fact]
    public void Any_text_comes_back_out_of_a_literal() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var value = Clean(text);
            var literal = Literal(Encoding.UTF8.GetBytes(value))!;
            return literal.StartsWith("E'", StringComparison.Ordinal) && literal.EndsWith('\'') && Unescape(literal[2..^1], "\\'") == value;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_name_comes_back_out_of_an_identifier() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            var value = Clean(text);
            var bytes = Encoding.UTF8.GetBytes(value);
            var written = new ArrayBufferWriter<byte>();
            var isWritten = SqlQuoting.TryAppendIdentifier(written, bytes);
            return isWritten
                ? Unescape(Encoding.UTF8.GetString(written.WrittenSpan)[1..^1], "\"") == value
                : written.WrittenCount == 0 && bytes.Length is 0 or > SqlQuoting.MaxIdentifierLengthBytes;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("it's", @"E'it''s'")]
    [InlineData(@"a\b", @"E'a\\b'")]
    [InlineData(@"\'; drop table t; --", @"E'\\''; drop table t; --'")]
    [InlineData("", "E''")]
    public void Backslashes_and_quotes_are_doubled(string value, string expected) => Assert.Equal(expected, Literal(Encoding.UTF8.GetBytes(value)));

    [Fact]
    public void A_NUL_and_broken_UTF_8_are_refused_and_nothing_is_written()
    {
        Assert.Null(Literal([(byte)'a', 0]));
        Assert.Null(Literal([(byte)'a', 0xC3]));
        Assert.Null(Literal([0xC0, 0xA7]));
        Assert.Null(Literal([0xED, 0xA0, 0x80]));
    }

    [Theory]
    [InlineData("\"$user\", public", "E'$user',E'public'")]
    [InlineData("Public,\"Mixed\"", "E'public',E'Mixed'")]
    [InlineData("\"a\"\"b'c\"", "E'a\"b''c'")]
    public void A_list_becomes_one_literal_a_name(string value, string expected)
    {
        var written = new ArrayBufferWriter<byte>();
        Assert.True(SqlQuoting.TryAppendListSetting(written, Encoding.UTF8.GetBytes(value)));
        Assert.Equal(expected, Encoding.UTF8.GetString(written.WrittenSpan));
    }

    private static string? Literal(byte[] value)
    {
        var written = new ArrayBufferWriter<byte>();
        return SqlQuoting.TryAppendLiteral(written, value) ? Encoding.UTF8.GetString(written.WrittenSpan) : written.WrittenCount == 0 ? null : "";
    }

    /// <summary>What can be UTF-8 without a NUL.</summary>
    private static string Clean(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes((text ?? "").Replace("\0", "", StringComparison.Ordinal)));

    private static string Unescape(string text, string doubled)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            result.Append(text[i]);
            if (doubled.Contains(text[i], StringComparison.Ordinal))
            {
                Assert.Equal(text[i], text[++i]);
            }
        }

        return result.ToString();
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("short", 5)]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", 63)]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn", 63)]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnä", 62)]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnä", 63)]
    [InlineData("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn😀", 60)]
    public void A_name_is_cut_where_PostgreSQL_cuts_it(string name, int lengthBytes) =>
        Assert.Equal(lengthBytes, SqlQuoting.Identifier(Encoding.UTF8.GetBytes(name)).Length);
}
