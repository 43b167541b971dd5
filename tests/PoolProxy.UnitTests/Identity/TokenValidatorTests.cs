using System.Text.Json.Nodes;
using PoolProxy.Identity.Tokens;
using PoolProxy.Sandbox.Issuers;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class TokenValidatorTests
{
    private static readonly long Now = Corp.Now.ToUnixTimeSeconds();

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void Every_allowed_algorithm_is_checked_with_its_own_key_only(string algorithm)
    {
        IssuerKey key = IssuerKey.Create(algorithm, "k");
        IssuerKey other = IssuerKey.Create(algorithm, "k");
        IssuerPolicy policy = Corp.Policy with { Algorithms = [algorithm] };

        Assert.IsType<TokenVerdict.Accepted>(Corp.Judge(Corp.Token(key).Build(), policy, Corp.KeysOf(key.ToJwk())));
        var refused = Assert.IsType<TokenVerdict.Refused>(Corp.Judge(Corp.Token(key).Build(), policy, Corp.KeysOf(other.ToJwk())));
        Assert.Equal(TokenRefusal.SignatureInvalid, refused.Reason);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    public void An_algorithm_that_is_never_checked_cannot_be_configured_in(string algorithm)
    {
        string token = algorithm == "none" ? Corp.Token().Unsigned().Build() : Corp.Token().SignedByHmac([1, 2, 3]).Build();

        Assert.Equal(TokenRefusal.AlgorithmUnsupported, Reason(token, Corp.Policy with { Algorithms = [algorithm] }));
    }

    [Fact]
    public void What_was_proven_is_in_the_verdict()
    {
        VerifiedToken token = Accepted(Corp.Token().Claim("jti", "j1").Groups("analysts").Build());

        Assert.Equal("alice", token.Subject);
        Assert.Equal("j1", token.TokenId);
        Assert.Equal(Corp.Now.AddMinutes(10), token.ExpiresAt);
        Assert.Equal(Corp.Now, token.IssuedAt);
        Assert.Equal("rsa", token.Key!.KeyId);
        Assert.Equal("corp", token.Policy.Name);
    }

    [Theory]
    [InlineData(-29)]
    [InlineData(0)]
    public void Exp_is_forgiven_within_the_skew(int seconds) => Accepted(Corp.Token().Claim("exp", Now + seconds).Build());

    [Fact]
    public void Without_skew_the_second_of_exp_is_too_late() =>
        Assert.Equal(TokenRefusal.Expired, Reason(Corp.Token().Claim("exp", Now).Build(), Corp.Policy with { ClockSkew = TimeSpan.Zero }));

    [Fact]
    public void Nbf_and_iat_are_forgiven_within_the_skew() => Accepted(Corp.Token().Claim("nbf", Now + 30).Claim("iat", Now + 30).Build());

    [Fact]
    public void Iat_and_nbf_and_jti_may_be_missing() => Assert.Null(Accepted(Corp.Token().Without("iat").Claim("jti", "x").Build()).IssuedAt);

    [Theory]
    [InlineData(".0")]
    [InlineData("e0")]
    [InlineData("0e-1")]
    public void Exp_may_be_a_whole_number_in_another_spelling(string ending)
    {
        string payload = $$"""{"iss":"{{Corp.Issuer}}","sub":"alice","aud":"poolproxy","exp":{{Now + 600}}{{ending}}}""";

        Assert.Equal(Corp.Now.AddMinutes(10), Accepted(Corp.Token().RawPayload(payload).Build()).ExpiresAt);
    }

    [Fact]
    public void Our_audience_may_stand_among_others() => Accepted(Corp.Token().Claim("aud", "wiki", "poolproxy").Build());

    [Fact]
    public void A_lifetime_of_zero_is_no_bound() =>
        Assert.IsType<TokenVerdict.Accepted>(
            Corp.Judge(Corp.Token().Claim("exp", 253402300799).Build(), Corp.Policy with { MaxLifetime = TimeSpan.Zero }));

    [Theory]
    [InlineData("JWT", true)]
    [InlineData("jwt", true)]
    [InlineData("application/at+jwt", true)]
    [InlineData(null, true)]
    [InlineData("id+jwt", false)]
    public void Without_a_required_type_only_plain_and_access_tokens_pass(string? type, bool passes) =>
        Assert.Equal(passes, Corp.Judge(Corp.Token().Header("typ", type).Build()) is TokenVerdict.Accepted);

    [Theory]
    [InlineData("at+jwt", true)]
    [InlineData("application/AT+JWT", true)]
    [InlineData("JWT", false)]
    [InlineData(null, false)]
    public void A_required_type_is_required(string? type, bool passes) =>
        Assert.Equal(passes, Corp.Judge(Corp.Token().Header("typ", type).Build(), Corp.Policy with { RequiredTypes = ["at+jwt"] }) is TokenVerdict.Accepted);

    [Fact]
    public void A_token_without_kid_is_accepted_when_one_key_fits() => Accepted(Corp.Token().RawHeader("""{"alg":"RS256"}""").Build());

    [Fact]
    public void A_token_without_kid_is_refused_when_several_keys_fit() =>
        Assert.Equal(
            TokenRefusal.KeyAmbiguous,
            Reason(Corp.Token().RawHeader("""{"alg":"RS256"}""").Build(), keys: Corp.KeysOf(Corp.Rsa.ToJwk(), IssuerKey.Create("RS256", "two").ToJwk())));

    [Fact]
    public void A_token_without_kid_asks_for_newer_keys_when_none_fits()
    {
        var unknown = Assert.IsType<TokenVerdict.KeyUnknown>(
            Corp.Judge(Corp.Token().RawHeader("""{"alg":"RS256"}""").Build(), keys: Corp.KeysOf(Corp.Ec.ToJwk())));

        Assert.Null(unknown.KeyId);
    }

    [Fact]
    public void The_policy_bounds_the_length_even_where_another_issuer_may_send_more()
    {
        string token = Corp.Token().Claim("pad", new string('x', 2000)).Build();
        Assert.True(TokenReader.TryRead(System.Text.Encoding.ASCII.GetBytes(token), 64 * 1024, out UnverifiedToken? read, out _));

        var refused = Assert.IsType<TokenVerdict.Refused>(
            TokenValidator.Validate(read, Corp.Policy with { MaxTokenBytes = 2000 }, Corp.Keys, Corp.Now));

        Assert.Equal(TokenRefusal.TooLong, refused.Reason);
    }

    [Fact]
    public void Sixteen_levels_are_read()
    {
        JsonNode nested = new JsonArray();
        for (int level = 0; level < 14; level++)
        {
            nested = new JsonArray(nested);
        }

        Accepted(Corp.Token().Claim("deep", nested).Build());
    }

    [Fact]
    public void Certificates_in_the_header_are_ignored() => Accepted(Corp.Token().Header("x5c", new JsonArray("MIIB")).Header("x5t", "abc").Build());

    [Fact]
    public async Task Many_threads_may_judge_with_the_same_keys()
    {
        string good = Corp.Token(Corp.Ec).Build();
        string forged = Corp.Token(Corp.Ec).SignedWith(_ => new byte[64]).Build();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int round = 0; round < 100; round++)
            {
                Assert.IsType<TokenVerdict.Accepted>(Corp.Judge(good));
                Assert.IsType<TokenVerdict.Refused>(Corp.Judge(forged));
            }
        })));
    }

    private static VerifiedToken Accepted(string token) => Assert.IsType<TokenVerdict.Accepted>(Corp.Judge(token)).Token;

    private static TokenRefusal Reason(string token, IssuerPolicy? policy = null, PoolProxy.Identity.Keys.KeySet? keys = null) =>
        Assert.IsType<TokenVerdict.Refused>(Corp.Judge(token, policy, keys)).Reason;
}
