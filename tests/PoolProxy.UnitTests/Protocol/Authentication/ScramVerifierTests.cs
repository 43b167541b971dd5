using PoolProxy.Protocol.Authentication;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Authentication;

public sealed class ScramVerifierTests
{
    private const string Keys = "$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";
    private const string Pencil = "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==" + Keys;

    [Fact]
    public void A_verifier_of_the_RFCs_password_has_PostgreSQLs_text() =>
        Assert.Equal(Pencil, ScramVerifier.FromPassword("pencil"u8, Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096).ToText());

    [Fact]
    public void A_text_comes_back()
    {
        Assert.True(ScramVerifier.TryParse(Pencil, out ScramVerifier verifier));
        Assert.Equal(4096, verifier.Iterations);
        Assert.Equal(16, verifier.Salt.Length);
        Assert.Equal(Pencil, verifier.ToText());
        Assert.False(verifier.IsMock);
        Assert.True(verifier.Verify("pencil"u8));
        Assert.False(verifier.Verify("pencils"u8));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pencil")]
    [InlineData("SCRAM-SHA-256$")]
    [InlineData("SCRAM-SHA-256$4096")]
    [InlineData("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==")]
    [InlineData("SCRAM-SHA-256$4096" + Keys)]
    [InlineData("SCRAM-SHA-256$0:W22ZaJ0SNY7soEsUEjb6gQ==" + Keys)]
    [InlineData("SCRAM-SHA-256$-1:W22ZaJ0SNY7soEsUEjb6gQ==" + Keys)]
    [InlineData("SCRAM-SHA-256$ 1:W22ZaJ0SNY7soEsUEjb6gQ==" + Keys)]
    [InlineData("SCRAM-SHA-256$4294967296:W22ZaJ0SNY7soEsUEjb6gQ==" + Keys)]
    [InlineData("SCRAM-SHA-256$100001:W22ZaJ0SNY7soEsUEjb6gQ==" + Keys)]
    [InlineData("SCRAM-SHA-256$2147483647:W22ZaJ0SNY7soEsUEjb6gQ==" + Keys)]
    [InlineData("SCRAM-SHA-256$4096:" + Keys)]
    [InlineData("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ" + Keys)]
    [InlineData("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$AAAA:AAAA")]
    [InlineData(Pencil + "$")]
    [InlineData(Pencil + ":AAAA")]
    [InlineData(Pencil + " ")]
    [InlineData("scram-sha-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==" + Keys)]
    public void Any_other_text_is_refused(string? text) => Assert.False(ScramVerifier.TryParse(text, out _));

    [Fact]
    public void A_text_beyond_the_bound_is_refused()
    {
        string salt = Convert.ToBase64String(new byte[900]);
        Assert.False(ScramVerifier.TryParse($"SCRAM-SHA-256$4096:{salt}{Keys}", out _));
    }
}
