using System.Text;
using PoolProxy.Protocol.Authentication;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Authentication;

public sealed class SaslPrepTests
{
    [Theory]
    [InlineData("I\u00ADX", "IX")] // RFC 4013 §3
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00AA", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("a\u00A0b", "a b")] // a space that is not ASCII
    [InlineData("a\u200Bb", "a b")] // in both mapping tables: the space wins
    [InlineData("e\u0301", "\u00E9")] // composes
    [InlineData("\u00E9", "\u00E9")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")] // reorders, does not compose
    [InlineData("s\u0323\u0307", "\u1E69")] // composes twice
    [InlineData("\u1E9B\u0323", "\u1E69")]
    [InlineData("\u0958", "\u0915\u093C")] // excluded from composition
    [InlineData("\u1112\u1161\u11AB", "\uD55C")] // Hangul, from jamo
    [InlineData("\uD55C", "\uD55C")]
    [InlineData("\uFF21\uFF5A", "Az")] // full width
    [InlineData("\u3392", "MHz")]
    [InlineData("\uD835\uDFD8", "0")] // beyond the BMP
    [InlineData("\u0627\u0628", "\u0627\u0628")] // right to left throughout
    [InlineData("\u0627\u0031\u0628", "\u0627\u0031\u0628")]
    public void A_password_is_prepared(string password, string expected)
    {
        Assert.True(SaslPrep.TryPrepare(Encoding.UTF8.GetBytes(password), out byte[] prepared));
        Assert.Equal(expected, Encoding.UTF8.GetString(prepared));
    }

    [Theory]
    [InlineData("\u0627\u0031")] // RFC 4013 §3: right to left must stand last too
    [InlineData("\u0627a\u0628")] // mixed directions
    [InlineData("\u00AD")] // nothing is left
    [InlineData("é\u0007")] // a control character beside one that is not ASCII
    [InlineData("é\uE000")] // private use
    [InlineData("é\uFFFD")]
    [InlineData("\u0221")] // unassigned in Unicode 3.2
    [InlineData("\uD83D\uDE00")] // as are emoji
    public void What_cannot_be_prepared_is_used_raw(string password)
    {
        byte[] raw = Encoding.UTF8.GetBytes(password);
        Assert.False(SaslPrep.TryPrepare(raw, out byte[] prepared));
        Assert.Empty(prepared);
        Assert.Equal(raw, SaslPrep.Prepare(raw));
    }

    [Fact]
    public void ASCII_passes_as_it_is_control_characters_too() =>
        Assert.Equal("\u0007 \u007f"u8.ToArray(), SaslPrep.Prepare("\u0007 \u007f"u8));

    [Theory]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0xC3 })]
    [InlineData(new byte[] { 0xC0, 0x80 })]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 })]
    [InlineData(new byte[] { 0xF4, 0x90, 0x80, 0x80 })]
    public void Bytes_that_are_not_UTF8_are_used_raw(byte[] raw)
    {
        Assert.False(SaslPrep.TryPrepare(raw, out _));
        Assert.Equal(raw, SaslPrep.Prepare(raw));
    }
}
