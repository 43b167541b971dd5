using System.Text;
using PoolProxy.Protocol.Sql;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Sql;

/// <summary>Texts that differ in their literals only have one number.</summary>
public sealed class TextFingerprintTests
{
    [Theory]
    [InlineData("select abalance from accounts where aid = 7", "select abalance from accounts where aid = 123456")]
    [InlineData("select 1.5e10", "select 2")]
    [InlineData("select 0x1F", "select 31")]
    [InlineData("select 'a'", "select 'quite another'")]
    [InlineData("select 'a', 1", "select '', 22")]
    [InlineData("insert into t values (1, 'x')", "insert into t values (2, 'y')")]
    public void Another_value_is_no_other_text(string one, string other) => Assert.Equal(Of(one), Of(other));

    [Theory]
    [InlineData("select a1", "select a2")]
    [InlineData("select a from t", "select b from t")]
    [InlineData("select 'a'", "select 1")]
    [InlineData("select $1", "select $2")]
    [InlineData("select 1", "select 1, 1")]
    [InlineData("", "select 1")]
    public void Another_word_is_another_text(string one, string other) => Assert.NotEqual(Of(one), Of(other));

    [Theory]
    [InlineData("'")]
    [InlineData("select 'never ended")]
    [InlineData("9")]
    [InlineData("select '\\")]
    public void Whatever_it_is_has_a_number(string text) => Assert.Equal(Of(text), Of(text));

    [Fact]
    public void Another_seed_is_another_number() => Assert.NotEqual(TextFingerprint.Of("select 1"u8, 1), TextFingerprint.Of("select 1"u8, 2));

    private static int Of(string text) => TextFingerprint.Of(Encoding.UTF8.GetBytes(text), 42);
}
