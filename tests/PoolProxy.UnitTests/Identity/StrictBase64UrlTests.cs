using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.WebUtilities;
using PoolProxy.Identity.Tokens;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class StrictBase64UrlTests
{
    [Fact]
    public void Decodes_what_was_encoded() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            bytes => StrictBase64Url.TryDecode(Encoding.ASCII.GetBytes(WebEncoders.Base64UrlEncode(bytes)), out byte[]? decoded)
                && decoded.AsSpan().SequenceEqual(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void Takes_one_spelling_only() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<byte[]>(),
            text => !StrictBase64Url.TryDecode(text, out byte[]? decoded)
                || Encoding.ASCII.GetBytes(WebEncoders.Base64UrlEncode(decoded)).AsSpan().SequenceEqual(text)).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("QQ", true)]
    [InlineData("QR", false)]
    [InlineData("QUE", true)]
    [InlineData("QUF", false)]
    [InlineData("QQ==", false)]
    [InlineData("Q", false)]
    [InlineData("Q Q", false)]
    [InlineData("+/+/", false)]
    [InlineData("-_-_", true)]
    [InlineData("", true)]
    public void Spare_bits_padding_and_other_letters_are_refused(string text, bool passes) =>
        Assert.Equal(passes, StrictBase64Url.TryDecode(Encoding.ASCII.GetBytes(text), out _));
}
