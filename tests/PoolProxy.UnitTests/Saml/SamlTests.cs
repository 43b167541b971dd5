using System.Buffers.Text;
using System.Text;
using PoolProxy.Core.Authentication.Saml;
using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Saml;
using PoolProxy.Identity.Tokens;
using PoolProxy.Testing.Saml;
using Xunit;

namespace PoolProxy.UnitTests.Saml;

public sealed class SamlTests
{
    public static TheoryData<string> Hostile => [.. HostileAssertions.All.Keys];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_assertion_is_refused_for_its_own_reason(string name)
    {
        (TokenRefusal expected, Func<string> make) = HostileAssertions.All[name];
        Assert.Equal(expected, Assert.IsType<SamlVerdict.Refused>(SamlPlace.Judge(make())).Reason);
    }

    [Fact]
    public void An_assertion_proves_its_subject_and_says_what_rules_look_at()
    {
        SamlAssertion assertion = SamlPlace.Assertion().Attribute("groups", "readers", "dba").Attribute("email", "alice@example.com");
        var accepted = Assert.IsType<SamlVerdict.Accepted>(SamlPlace.Judge(assertion.Build()));
        VerifiedToken token = accepted.Token;
        Assert.Equal(("alice", assertion.Id, SamlPlace.Now.AddHours(8)), (token.Subject, token.TokenId, token.ExpiresAt));
        Assert.Equal(SamlPlace.Now.AddMinutes(5) + SamlPlace.Policy.ClockSkew, accepted.RememberUntil);
        Assert.True(token.Claims.TryExpose(["sub", "email", "groups", "acr", "sid", "iss"], out string? json));
        Assert.Equal(
            """{"acr":"urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport","email":"alice@example.com","groups":["readers","dba"],"iss":"https://idp.example.com/saml","sid":"s-1","sub":"alice"}""",
            json);
        Assert.Equal(ConditionResult.Holds, ClaimCondition.OneOf(ClaimPath.AtRoot("groups"), ClaimConstant.Of("dba")).Evaluate(token.Claims));
    }

    [Fact]
    public void Both_alphabets_and_padding_or_none_are_read()
    {
        string xml = SamlPlace.Assertion().Xml();
        foreach (string text in (string[])[Convert.ToBase64String(Encoding.UTF8.GetBytes(xml)), Convert.ToBase64String(Encoding.UTF8.GetBytes(xml)).TrimEnd('='), Base64Url.EncodeToString(Encoding.UTF8.GetBytes(xml))])
        {
            Assert.True(SamlValidator.HasForm(Encoding.ASCII.GetBytes(text)));
            Assert.IsType<SamlVerdict.Accepted>(SamlPlace.Judge(text));
        }
    }

    [Theory]
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384", "RS384")]
    [InlineData("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "RS512")]
    public void Longer_hashes_are_taken_where_the_issuer_has_them(string method, string name) => Assert.IsType<SamlVerdict.Accepted>(
        SamlPlace.Judge(SamlPlace.Assertion().Method(method, "http://www.w3.org/2001/04/xmlenc#sha512").Build(), policy: SamlPlace.Policy with { Algorithms = [name] }));

    [Fact]
    public void Without_a_session_of_the_providers_it_counts_as_long_as_it_may_be_shown()
    {
        var accepted = Assert.IsType<SamlVerdict.Accepted>(SamlPlace.Judge(SamlPlace.Assertion().Replace(" SessionNotOnOrAfter=", " Hint=").Build()));
        Assert.Equal(SamlPlace.Now.AddMinutes(5), accepted.Token.ExpiresAt);
    }

    [Fact]
    public void The_name_of_who_it_is_about_is_said_only_behind_a_good_signature()
    {
        var forged = Assert.IsType<SamlVerdict.Refused>(SamlPlace.Judge(SamlPlace.Assertion().SignedBy(SamlPlace.Stranger).Build()));
        var elsewhere = Assert.IsType<SamlVerdict.Refused>(SamlPlace.Judge(SamlPlace.Assertion().Replace(">poolproxy<", ">x<").Build()));
        Assert.Equal((null, "idp", "alice"), (forged.Subject, forged.Issuer, elsewhere.Subject));
    }

    [Fact]
    public void An_assertion_changed_in_any_letter_is_refused_or_says_the_same()
    {
        string good = SamlPlace.Assertion().Xml();
        for (int index = 0; index < good.Length; index += 3)
        {
            string changed = good[..index] + (good[index] == 'a' ? 'b' : 'a') + good[(index + 1)..];
            SamlVerdict verdict = SamlPlace.Judge(Convert.ToBase64String(Encoding.UTF8.GetBytes(changed)));

            // KeyInfo is the one part that nobody signs and nobody reads.
            bool isKeyInfo = index > good.IndexOf("<KeyInfo>", StringComparison.Ordinal) && index < good.IndexOf("</KeyInfo>", StringComparison.Ordinal);
            Assert.True(isKeyInfo || verdict is SamlVerdict.Refused, $"at {index}: {good[Math.Max(0, index - 30)..index]}|{good[index]}");
            Assert.True(verdict is SamlVerdict.Refused or SamlVerdict.Accepted { Token.Subject: "alice" });
        }
    }

    [Theory]
    [InlineData("eyJhbGciOiJSUzI1NiJ9")]
    [InlineData("PQ==")]
    [InlineData("PGEvPg.x")]
    [InlineData("opaque-token-of-somebody")]
    [InlineData("P_______")]
    [InlineData("")]
    public void What_is_no_XML_has_not_the_form(string token) => Assert.False(SamlValidator.HasForm(Encoding.ASCII.GetBytes(token)));

    [Fact]
    public void An_assertion_counts_once_and_where_that_cannot_be_remembered_not_at_all()
    {
        var used = new UsedAssertions(capacity: 2);
        DateTimeOffset now = SamlPlace.Now, end = now.AddMinutes(5);
        Assert.Equal(UsedAssertion.First, used.TryUse("idp", "_1", end, now));
        Assert.Equal(UsedAssertion.Before, used.TryUse("idp", "_1", end, now));
        Assert.Equal(UsedAssertion.First, used.TryUse("other", "_1", end.AddMinutes(5), now));
        Assert.Equal(UsedAssertion.NoRoom, used.TryUse("idp", "_2", end, now));
        Assert.Equal(UsedAssertion.First, used.TryUse("idp", "_2", end.AddMinutes(5), end));
        Assert.Equal(UsedAssertion.Before, used.TryUse("other", "_1", end, end));
    }
}
