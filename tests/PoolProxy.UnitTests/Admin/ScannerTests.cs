using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Core.Admin.Language;
using Xunit;

namespace PoolProxy.UnitTests.Admin;

public sealed class ScannerTests
{
    [Theory]
    [InlineData("SHOW POOLS", "SHOW POOLS")]
    [InlineData("  show\tpools ; ", "show pools")]
    [InlineData("SHOW POOLS; SHOW STATS", "SHOW POOLS|SHOW STATS")]
    [InlineData(";;", "")]
    [InlineData("-- nothing\n", "")]
    [InlineData("/* a /* nested */ comment */ SHOW -- here\n POOLS", "SHOW POOLS")]
    [InlineData("PAUSE \"my;db\"", "PAUSE my;db")]
    [InlineData("PAUSE \"with \"\"quotes\"\"\"", "PAUSE with \"quotes\"")]
    [InlineData("SET a='it''s; so'", "SET a = it's; so")]
    [InlineData("SELECT a-b", "SELECT a - b")]
    public void A_text_is_cut_into_statements_and_those_into_words(string text, string expected)
    {
        Assert.True(Scanner.TryScan(text, out var statements));
        Assert.Equal(expected, string.Join('|', statements.Select(tokens => string.Join(' ', tokens.Select(token => token.Text)))));
    }

    [Theory]
    [InlineData("PAUSE \"app")]
    [InlineData("SET a = 'b")]
    [InlineData("SHOW POOLS /* for ever")]
    [InlineData("SHOW POOLS /* /* */")]
    public void A_quote_or_comment_that_does_not_end_is_no_command(string text) => Assert.False(Scanner.TryScan(text, out _));

    [Fact]
    public void A_quoted_name_is_never_a_keyword()
    {
        Assert.True(Scanner.TryScan("\"show\" pools", out var statements));
        Assert.False(statements[0][0].Is("show"));
        Assert.True(statements[0][0].IsName);
    }

    [Fact]
    public void Any_text_is_scanned_to_its_end() =>
        Prop.ForAll<string?>(text =>
        {
            // Whatever it says, it comes back, and what it says is made of the text.
            var isWhole = Scanner.TryScan(text ?? "", out var statements);
            return !isWhole || statements.All(tokens => tokens.Count > 0);
        }).QuickCheckThrowOnFailure();
}
