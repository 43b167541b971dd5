using System.Text;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

public sealed class StatementFingerprintTests
{
    [Theory]
    [InlineData("select * from t where id = 7 and name = 'a'", "SELECT  *\nfrom t /* x */ WHERE id=8 and name = 'it''s' -- y")]
    [InlineData("select $1", "select   $1")]
    public void Texts_that_differ_in_values_and_spacing_only_share_it(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("select a", "select b")]
    [InlineData("select \"a\"", "select \"A\"")]
    [InlineData("select $1", "select $2")]
    [InlineData("ab c", "a bc")]
    public void Others_do_not(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    [Fact]
    public void It_never_changes() => Assert.Equal(
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("select ? from t"u8))[..16], Of("SELECT 1 FROM t"));

    private static string Of(string text)
    {
        var fingerprint = new byte[StatementFingerprint.LengthBytes];
        StatementFingerprint.Write(Encoding.UTF8.GetBytes(text), fingerprint);
        return Convert.ToHexStringLower(fingerprint);
    }
}
