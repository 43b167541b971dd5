using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Protocol.Authentication;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Authentication;

/// <summary>The client's message of OAUTHBEARER (RFC 7628 §3.1); <c>|</c> stands for the separator, U+0001.</summary>
public sealed class OAuthBearerMessageTests
{
    [Theory]
    [InlineData("n,,|auth=Bearer abc.DEF-123_~+/==||", "abc.DEF-123_~+/==")]
    [InlineData("y,,|auth=Bearer x||", "x")]
    [InlineData("n,,|auth=bEARER x||", "x")]
    [InlineData("n,,|auth=Bearer    x||", "x")]
    [InlineData("n,,|host=db.example|port=5432|auth=Bearer x||", "x")]
    [InlineData("n,,|auth=Bearer x|host=db.example||", "x")]
    [InlineData("n,,|AUTH=other|auth=Bearer x||", "x")]
    [InlineData("n,,|auth=||", "")]
    [InlineData("n,,|host=h|auth=||", "")]
    public void A_token_is_found_or_there_is_none(string text, string token)
    {
        Assert.Equal(OAuthBearerFault.None, OAuthBearerMessage.TryRead(Bytes(text), out var message));
        Assert.Equal(token, Encoding.ASCII.GetString(message.Token.Span));
        Assert.Equal(token.Length == 0, message.IsDiscovery);
    }

    [Theory]
    [InlineData("", OAuthBearerFault.Empty)]
    [InlineData("n", OAuthBearerFault.HeaderMalformed)]
    [InlineData("n,", OAuthBearerFault.HeaderMalformed)]
    [InlineData("n,,", OAuthBearerFault.SeparatorMissing)]
    [InlineData("n,,auth=Bearer x||", OAuthBearerFault.SeparatorMissing)]
    [InlineData("x,,|auth=Bearer x||", OAuthBearerFault.HeaderMalformed)]
    [InlineData("N,,|auth=Bearer x||", OAuthBearerFault.HeaderMalformed)]
    [InlineData("F,n,,|auth=Bearer x||", OAuthBearerFault.HeaderMalformed)]
    [InlineData("p=tls-server-end-point,,|auth=Bearer x||", OAuthBearerFault.ChannelBinding)]
    [InlineData("p", OAuthBearerFault.ChannelBinding)]
    [InlineData("n,a=alice,|auth=Bearer x||", OAuthBearerFault.AuthorizationIdentity)]
    [InlineData("n,b=alice,|auth=Bearer x||", OAuthBearerFault.HeaderMalformed)]
    [InlineData("n,,|", OAuthBearerFault.Unterminated)]
    [InlineData("n,,||", OAuthBearerFault.AuthMissing)]
    [InlineData("n,,|auth=Bearer x", OAuthBearerFault.Unterminated)]
    [InlineData("n,,|auth=Bearer x|", OAuthBearerFault.Unterminated)]
    [InlineData("n,,|auth||", OAuthBearerFault.KeyMalformed)]
    [InlineData("n,,|=Bearer x||", OAuthBearerFault.KeyMalformed)]
    [InlineData("n,,|au th=Bearer x||", OAuthBearerFault.KeyMalformed)]
    [InlineData("n,,|au_th=Bearer x||", OAuthBearerFault.KeyMalformed)]
    [InlineData("n,,|auth=Bearer x\0||", OAuthBearerFault.ValueMalformed)]
    [InlineData("n,,|auth=Bearer x\u007f||", OAuthBearerFault.ValueMalformed)]
    [InlineData("n,,|host=\u00fc|auth=Bearer x||", OAuthBearerFault.ValueMalformed)]
    [InlineData("n,,|host=h||", OAuthBearerFault.AuthMissing)]
    [InlineData("n,,|auth=Bearer x|auth=Bearer y||", OAuthBearerFault.AuthTwice)]
    [InlineData("n,,|auth=|auth=Bearer y||", OAuthBearerFault.AuthTwice)]
    [InlineData("n,,|auth=Bearer x|||", OAuthBearerFault.TrailingBytes)]
    [InlineData("n,,|auth=Bearer x||n,,|auth=Bearer y||", OAuthBearerFault.TrailingBytes)]
    [InlineData("n,,|auth=Bearer x||\0", OAuthBearerFault.TrailingBytes)]
    [InlineData("n,,|auth=Basic eA==||", OAuthBearerFault.NotBearer)]
    [InlineData("n,,|auth=Bearer||", OAuthBearerFault.NotBearer)]
    [InlineData("n,,|auth=Bearer ||", OAuthBearerFault.NotBearer)]
    [InlineData("n,,|auth=Bearer =||", OAuthBearerFault.NotBearer)]
    [InlineData("n,,|auth=Bearer x y||", OAuthBearerFault.NotBearer)]
    [InlineData("n,,|auth=Bearer x=y||", OAuthBearerFault.NotBearer)]
    [InlineData("n,,|auth=Bearer\tx||", OAuthBearerFault.NotBearer)]
    [InlineData("n,,|auth= Bearer x||", OAuthBearerFault.NotBearer)]
    [InlineData("n,,|auth=Bearerx||", OAuthBearerFault.NotBearer)]
    [InlineData("n,,|auth=x||", OAuthBearerFault.NotBearer)]
    public void What_is_no_message_has_its_own_reason(string text, OAuthBearerFault fault)
    {
        Assert.Equal(fault, OAuthBearerMessage.TryRead(Bytes(text), out var message));
        Assert.True(message.Token.IsEmpty);
    }

    [Fact]
    public void A_message_cut_anywhere_gives_no_token()
    {
        byte[] whole = Bytes("n,,|host=h|auth=Bearer token||");
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.NotEqual(OAuthBearerFault.None, OAuthBearerMessage.TryRead(whole.AsMemory(0, length), out _));
        }
    }

    [Fact]
    public void No_bytes_make_the_reader_throw() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(),
        bytes => OAuthBearerMessage.TryRead((byte[])[.. "n,,\u0001"u8, .. bytes], out _) is var fault && Enum.IsDefined(fault)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("https://login.example.com/.well-known/openid-configuration", "openid", """{"status":"invalid_token","openid-configuration":"https://login.example.com/.well-known/openid-configuration","scope":"openid"}""")]
    [InlineData(null, "", """{"status":"invalid_token"}""")]
    public void The_answer_says_where_a_token_is_to_be_had(string? address, string scope, string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(OAuthBearerStatus.InvalidToken(address is null ? null : new Uri(address), scope)));

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text.Replace('|', '\u0001'));
}
