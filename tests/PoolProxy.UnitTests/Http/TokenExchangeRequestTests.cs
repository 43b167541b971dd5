using System.Text;
using PoolProxy.Core.Http;
using PoolProxy.Core.Http.Access;
using Xunit;

namespace PoolProxy.UnitTests.Http;

public sealed class TokenExchangeRequestTests
{
    private const string Good =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=a.b.c&subject_token_type=urn:ietf:params:oauth:token-type:jwt&audience=app";

    [Fact]
    public void A_request_says_who_asks_and_what_for()
    {
        TokenExchangeRequest request = Read(Good + "&scope=app_write&minutes=15&reason=ticket+4711%21").Request!;
        Assert.Equal("a.b.c", Encoding.ASCII.GetString(request.SubjectToken.Span));
        Assert.Equal(("app", "app_write", TimeSpan.FromMinutes(15), "ticket 4711!"), (request.Wish.Database, request.Wish.Role, request.Wish.Time, request.Wish.Reason));
        Assert.Equal("app", Read(Good.Replace("&audience=app", "&resource=postgresql://db.internal:5432/app", StringComparison.Ordinal)).Request!.Wish.Database);
        Assert.DoesNotContain("a.b.c", request.ToString());
    }

    [Theory]
    [InlineData("", "invalid_request", "grant_type is missing")]
    [InlineData("grant_type=password", "unsupported_grant_type", "grant_type must be urn:ietf:params:oauth:grant-type:token-exchange")]
    [InlineData(Good + "&grant_type=x", "invalid_request", "grant_type must not be given several times")]
    [InlineData(Good + "&subject_token=x", "invalid_request", "subject_token must not be given several times")]
    [InlineData(Good + "&audience=b", "invalid_target", "audience must not be given several times")]
    [InlineData(Good + "&resource=postgresql://h/other", "invalid_target", "audience must name one database, or resource be postgresql://host/database, and both the same")]
    [InlineData(Good + "&resource=https://h/app", "invalid_target", "audience must name one database, or resource be postgresql://host/database, and both the same")]
    [InlineData(Good + "&resource=postgresql://h/app/x", "invalid_target", "audience must name one database, or resource be postgresql://host/database, and both the same")]
    [InlineData(Good + "&actor_token=x", "invalid_request", "actor_token is not taken: nobody acts for another here")]
    [InlineData(Good + "&requested_token_type=urn:ietf:params:oauth:token-type:saml2", "invalid_request", "requested_token_type can only be urn:ietf:params:oauth:token-type:jwt")]
    [InlineData(Good + "&minutes=0", "invalid_request", "minutes must be 1 to 1440")]
    [InlineData(Good + "&minutes=-5", "invalid_request", "minutes must be 1 to 1440")]
    [InlineData(Good + "&minutes=1e3", "invalid_request", "minutes must be 1 to 1440")]
    [InlineData(Good + "&minutes=99999999999999999999", "invalid_request", "minutes must be 1 to 1440")]
    [InlineData("grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=a", "invalid_request", "subject_token and subject_token_type are needed")]
    [InlineData("grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=&subject_token_type=x&audience=a", "invalid_request", "subject_token and subject_token_type are needed")]
    [InlineData("grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=a&subject_token_type=x&audience=a", "invalid_request", "the subject_token is not accepted")]
    public void A_malformed_request_is_refused_with_its_code(string body, string error, string description) => Assert.Equal((error, description), (Read(body).Error, Read(body).Description));

    [Fact]
    public void Long_texts_are_refused()
    {
        Assert.Equal("reason may have 256 characters", Read(Good + "&reason=" + new string('x', 257)).Description);
        Assert.Equal("invalid_scope", Read(Good + "&scope=" + new string('x', 257)).Error);
        Assert.Equal("invalid_target", Read(Good.Replace("=app", "=" + new string('x', 257), StringComparison.Ordinal)).Error);
    }

    [Fact]
    public void A_form_is_UTF8_and_bounded()
    {
        Assert.False(HttpForm.TryRead([0x61, 0x3d, 0xff], out _));
        Assert.False(HttpForm.TryRead(Encoding.ASCII.GetBytes(string.Join('&', Enumerable.Range(0, HttpForm.MaxParameters + 1).Select(number => $"p{number}=x"))), out _));
        Assert.True(HttpForm.TryRead("&&=x&y&z=%zz&%e4%b8=1"u8, out HttpForm? odd));
        Assert.True(odd.TryGetOne("y", out string? without));
        Assert.Null(without);
    }

    private static (TokenExchangeRequest? Request, string? Error, string? Description) Read(string body)
    {
        Assert.True(HttpForm.TryRead(Encoding.UTF8.GetBytes(body), out HttpForm? form));
        TokenExchangeRequest.TryRead(form, out TokenExchangeRequest? request, out string? error, out string? description);
        return (request, error, description);
    }
}
