using System.Text;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Identity.Tokens;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class HostileTokenTests
{
    public static TheoryData<string> Names => [.. HostileTokens.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Is_refused_for_its_own_reason(string name)
    {
        (TokenRefusal expected, Func<string> make) = HostileTokens.All[name];

        TokenVerdict verdict = Corp.Judge(make());

        TokenRefusal reason = verdict switch
        {
            TokenVerdict.Refused refused => refused.Reason,
            TokenVerdict.KeyUnknown => TokenRefusal.KeyUnknown,
            _ => throw new InvalidOperationException("accepted"),
        };
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void What_the_table_spoils_is_accepted_unspoiled()
    {
        Assert.IsType<TokenVerdict.Accepted>(Corp.Judge(Corp.Token().Build()));
        Assert.IsType<TokenVerdict.Accepted>(Corp.Judge(Corp.Token(Corp.Ec).Build()));
    }

    [Fact]
    public void A_refusal_names_the_subject_only_when_the_signature_was_good()
    {
        var forged = Assert.IsType<TokenVerdict.Refused>(Corp.Judge(Corp.Token().ForgedBy(Corp.Stranger).Build()));
        var wrongAudience = Assert.IsType<TokenVerdict.Refused>(Corp.Judge(Corp.Token().Claim("aud", "billing").Claim("jti", "j1").Build()));

        Assert.Null(forged.Subject);
        Assert.Null(forged.TokenId);
        Assert.Equal("corp", forged.Issuer);
        Assert.Equal("alice", wrongAudience.Subject);
        Assert.Equal("j1", wrongAudience.TokenId);
    }

    [Fact]
    public void No_verdict_holds_a_part_of_the_token()
    {
        foreach ((string name, (_, Func<string> make)) in HostileTokens.All)
        {
            string token = make();
            string said = Corp.Judge(token).ToString();

            Assert.True(!token.Split('.').Any(part => part.Length > 16 && said.Contains(part, StringComparison.Ordinal)), name);
        }
    }

    [Fact]
    public void A_token_changed_in_any_one_character_is_refused()
    {
        byte[] good = Encoding.ASCII.GetBytes(Corp.Token(Corp.Ec).Build());
        for (int index = 0; index < good.Length; index++)
        {
            byte[] changed = [.. good];
            changed[index] = changed[index] == (byte)'A' ? (byte)'B' : (byte)'A';

            Assert.IsNotType<TokenVerdict.Accepted>(Corp.Judge(changed));
        }
    }

    [Fact]
    public void A_token_cut_anywhere_is_refused()
    {
        byte[] good = Encoding.ASCII.GetBytes(Corp.Token(Corp.Ec).Build());
        for (int length = 0; length < good.Length; length++)
        {
            Assert.IsNotType<TokenVerdict.Accepted>(Corp.Judge(good[..length]));
        }
    }

    [Fact]
    public void No_bytes_make_the_reader_throw() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes => Corp.Judge(bytes) is not TokenVerdict.Accepted).QuickCheckThrowOnFailure();

    [Fact]
    public void No_signed_payload_makes_the_judge_throw() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            bytes => Corp.Judge(Corp.Token(Corp.Ec).RawPayload(bytes).Build()) is not TokenVerdict.Accepted).QuickCheckThrowOnFailure();
}
