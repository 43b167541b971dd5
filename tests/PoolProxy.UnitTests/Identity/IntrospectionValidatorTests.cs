using System.Text;
using PoolProxy.Identity.Tokens;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>What an issuer says of an opaque token (RFC 7662 §2.2), and what of it is not believed.</summary>
public sealed class IntrospectionValidatorTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(60);
    private static readonly long Now = Corp.Now.ToUnixTimeSeconds();

    private static string Good => $$"""{"active":true,"iss":"{{Corp.Issuer}}","sub":"alice","aud":"poolproxy","token_type":"Bearer","iat":{{Now}},"exp":{{Now + 600}}}""";

    public static TheoryData<string, TokenRefusal> Bad => new()
    {
        { "", TokenRefusal.IntrospectionMalformed },
        { "{}", TokenRefusal.IntrospectionMalformed },
        { "[]", TokenRefusal.IntrospectionMalformed },
        { "true", TokenRefusal.IntrospectionMalformed },
        { "<html>", TokenRefusal.IntrospectionMalformed },
        { Good.Replace("true", "\"true\""), TokenRefusal.IntrospectionMalformed },
        { Good.Replace("true", "1"), TokenRefusal.IntrospectionMalformed },
        { Good.Replace("true", "null"), TokenRefusal.IntrospectionMalformed },
        { Good.Replace("\"active\"", "\"Active\""), TokenRefusal.IntrospectionMalformed },
        { Good.Insert(1, "\"active\":false,"), TokenRefusal.IntrospectionMalformed },
        { Good.Insert(1, "\"sub\":\"admin\","), TokenRefusal.IntrospectionMalformed },
        { Good + "x", TokenRefusal.IntrospectionMalformed },
        { Good.Insert(1, $"\"a\":{new string('[', 20)}{new string(']', 20)},"), TokenRefusal.IntrospectionMalformed },
        { Good.Replace("alice", "al\\ud800ice"), TokenRefusal.IntrospectionMalformed },
        { Good.Replace("true", "false"), TokenRefusal.Inactive },
        { "{\"active\":false}", TokenRefusal.Inactive },
        { Good.Replace(Corp.Issuer, "https://evil.example"), TokenRefusal.IssuerUnknown },
        { Good.Replace($"\"{Corp.Issuer}\"", "1"), TokenRefusal.IssuerUnknown },
        { Good.Replace("Bearer", "DPoP"), TokenRefusal.WrongType },
        { Good.Replace("Bearer", "N_A"), TokenRefusal.WrongType },
        { Good.Replace("\"Bearer\"", "null"), TokenRefusal.WrongType },
        { Good.Replace("\"sub\":\"alice\",", ""), TokenRefusal.SubjectMissing },
        { Good.Replace("\"alice\"", "1"), TokenRefusal.SubjectMalformed },
        { Good.Replace("alice", "alice\\n"), TokenRefusal.SubjectMalformed },
        { Good.Replace("\"aud\":\"poolproxy\",", ""), TokenRefusal.AudienceMissing },
        { Good.Replace("\"poolproxy\"", "\"wiki\""), TokenRefusal.AudienceWrong },
        { Good.Replace("\"poolproxy\"", "{}"), TokenRefusal.AudienceMalformed },
        { Good.Replace($",\"exp\":{Now + 600}", ""), TokenRefusal.ExpiryMissing },
        { Good.Replace($"{Now + 600}", $"{Now - 600}"), TokenRefusal.Expired },
        { Good.Replace($"{Now + 600}", "\"soon\""), TokenRefusal.DateMalformed },
        { Good.Replace($"{Now + 600}", "253402300799"), TokenRefusal.LifetimeTooLong },
        { Good.Insert(1, $"\"nbf\":{Now + 600},"), TokenRefusal.NotYetValid },
        { Good.Replace($"\"iat\":{Now}", $"\"iat\":{Now + 600}"), TokenRefusal.IssuedInFuture },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_answer_is_refused_for_its_own_reason(string answer, TokenRefusal reason) =>
        Assert.Equal(reason, Assert.IsType<TokenVerdict.Refused>(Judge(answer)).Reason);

    [Theory]
    [InlineData(600, 60)]
    [InlineData(40, 40)]
    public void A_good_one_serves_until_it_has_to_be_asked_again_or_the_token_expires(int lifeSeconds, int reusableSeconds)
    {
        VerifiedToken token = Assert.IsType<TokenVerdict.Accepted>(Judge(Good.Replace($"{Now + 600}", $"{Now + lifeSeconds}"))).Token;
        Assert.Equal(("alice", null), (token.Subject, token.Key));
        Assert.Equal(Corp.Now.AddSeconds(lifeSeconds), token.ExpiresAt);
        Assert.Equal(Corp.Now.AddSeconds(reusableSeconds), token.ReusableUntil);
    }

    [Fact]
    public void The_issuer_need_not_name_itself_nor_the_tokens_type() =>
        Assert.IsType<TokenVerdict.Accepted>(Judge($$"""{"active":true,"sub":"alice","aud":["wiki","poolproxy"],"exp":{{Now + 600}}}"""));

    [Theory]
    [InlineData("a", true)]
    [InlineData("mF_9.B5f-4.1JqM", true)]
    [InlineData("a+/~==", true)]
    [InlineData("", false)]
    [InlineData("==", false)]
    [InlineData("a=b", false)]
    [InlineData("a b", false)]
    [InlineData("a&token=b", false)]
    [InlineData("a\n", false)]
    public void Only_what_has_a_tokens_form_is_asked_about(string text, bool hasForm) =>
        Assert.Equal(hasForm, OpaqueToken.HasForm(Encoding.Latin1.GetBytes(text)));

    private static TokenVerdict Judge(string answer) => IntrospectionValidator.Validate(Encoding.UTF8.GetBytes(answer), Corp.Policy, Corp.Now, Ttl);
}
