using System.Text;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

public sealed class TokenSettingTests
{
    [Theory]
    [InlineData("SET poolproxy.token = 'a.b.c'")]
    [InlineData("set PoolProxy.TOKEN to 'a.b.c';")]
    [InlineData("set session poolproxy.token='a.b.c'")]
    [InlineData("  /* app */ set\n\"poolproxy\" . \"token\"  =\t'a.b.c' ; ; -- end")]
    public void A_statement_of_its_own_gives_its_literal(string text)
    {
        Assert.Equal(TokenSettingUse.Alone, Find(text, out string literal));
        Assert.Equal("'a.b.c'", literal);
    }

    [Theory]
    [InlineData("SET poolproxy.token = ''")]
    public void An_empty_literal_is_one(string text)
    {
        Assert.Equal(TokenSettingUse.Alone, Find(text, out string literal));
        Assert.Equal("''", literal);
    }

    [Theory]
    [InlineData("select 1; set poolproxy.token = 'a.b.c'")]
    [InlineData("set poolproxy.token = 'a.b.c'; select 1")]
    [InlineData("set local poolproxy.token = 'a.b.c'")]
    [InlineData("set poolproxy.token = E'a.b.c'")]
    [InlineData("set poolproxy.token = $$a.b.c$$")]
    [InlineData("set poolproxy.token = 'a\\b'")]
    [InlineData("set poolproxy.token = 'a''b'")]
    [InlineData("set poolproxy.token = 'a'\n'b'")]
    [InlineData("set poolproxy.token = 'a', 'b'")]
    [InlineData("set poolproxy.token = a")]
    [InlineData("set poolproxy.token to default")]
    [InlineData("reset poolproxy.token")]
    [InlineData("select set_config('poolproxy.token', 'a.b.c', false)")]
    [InlineData("select set_config('POOLPROXY.token', $1, false)")]
    [InlineData("set poolproxy.token = 'unterminated")]
    public void Any_other_form_is_none_that_may_pass(string text) => Assert.Equal(TokenSettingUse.Among, Find(text, out _));

    [Theory]
    [InlineData("select 1")]
    [InlineData("set poolproxy.other = 'x'")]
    [InlineData("show poolproxy.token")]
    [InlineData("select current_setting('poolproxy.token', true)")]
    [InlineData("select 'set poolproxy.token = ''x'''")]
    [InlineData("select max(x) from boxes -- poolproxy")]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("poolprox")]
    public void What_does_not_set_it_is_let_pass(string text) => Assert.Equal(TokenSettingUse.None, Find(text, out _));

    private static TokenSettingUse Find(string text, out string literal)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var use = TokenSetting.Find(bytes, standardConformingStrings: true, out Range range);
        literal = Encoding.UTF8.GetString(bytes[range]);
        return use;
    }
}
