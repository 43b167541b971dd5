using System.Text;
using PoolProxy.Protocol.Authentication;
using Xunit;

namespace PoolProxy.UnitTests.Protocol.Authentication;

public sealed class Md5PasswordTests
{
    [Fact]
    public void A_password_is_stored_as_PostgreSQL_stores_it() =>
        Assert.Equal("md59d792a3a8853c2411afb9163d088c036", Encoding.ASCII.GetString(Md5Password.Store("secret"u8, "ann"u8)));

    [Fact]
    public void An_answer_is_the_hash_of_the_stored_digits_and_the_salt()
    {
        byte[] stored = Md5Password.Store("secret"u8, "ann"u8);
        byte[] answer = Md5Password.Answer(stored, [1, 2, 3, 4]);
        Assert.Equal("md59009ce60b9ca97f1e752376843d1309e", Encoding.ASCII.GetString(answer));
        Assert.True(Md5Password.Verify(answer, stored, [1, 2, 3, 4]));
        Assert.False(Md5Password.Verify(answer, stored, [1, 2, 3, 5]));
        Assert.False(Md5Password.Verify(answer, Md5Password.Store("secret"u8, "bob"u8), [1, 2, 3, 4]));
        Assert.False(Md5Password.Verify([], stored, [1, 2, 3, 4]));
        Assert.False(Md5Password.Verify(answer.AsSpan(0, 34), stored, [1, 2, 3, 4]));
    }

    [Theory]
    [InlineData("md5", false)]
    [InlineData("md50123456789abcdef0123456789abcdef", true)]
    [InlineData("md50123456789abcdef0123456789abcde", false)]
    [InlineData("md50123456789abcdef0123456789abcdefa", false)]
    [InlineData("md50123456789ABCDEF0123456789abcdef", false)]
    [InlineData("MD50123456789abcdef0123456789abcdef", false)]
    [InlineData("md50123456789abcdef0123456789abcdeg", false)]
    public void The_stored_form_is_md5_and_32_small_digits(string text, bool expected) =>
        Assert.Equal(expected, Md5Password.HasForm(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void A_plain_password_is_not_taken_for_a_hash() => Assert.Throws<ArgumentException>(() => Md5Password.Answer("secret"u8, [1, 2, 3, 4]));
}
