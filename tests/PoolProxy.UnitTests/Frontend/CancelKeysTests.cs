using PoolProxy.Core.Frontend;
using Xunit;

namespace PoolProxy.UnitTests.Frontend;

public sealed class CancelKeysTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    [InlineData(63, 64)]
    public void A_number_is_positive_names_its_loop_and_does_not_come_again(int loop, int loops)
    {
        var keys = new CancelKeys(loop);
        var numbers = Enumerable.Range(0, 5000).Select(_ => keys.NextProcessId(loops)).ToArray();

        Assert.All(numbers, number => Assert.True(number > 0));
        Assert.All(numbers, number => Assert.Equal(loop, CancelKeys.LoopOf(number, loops)));
        Assert.InRange(numbers.Distinct().Count(), 4990, 5000);
    }

    [Fact]
    public void A_number_that_no_loop_has_given_leads_to_some_loop_all_the_same()
    {
        Assert.InRange(CancelKeys.LoopOf(-1, 3), 0, 2);
        Assert.InRange(CancelKeys.LoopOf(int.MinValue, 7), 0, 6);
    }

    [Theory]
    [InlineData(CancelSecret.ShortBytes)]
    [InlineData(CancelSecret.LongBytes)]
    public void A_secret_matches_itself_alone(int length)
    {
        var keys = new CancelKeys(0);
        var secret = keys.NextSecret(length);
        var bytes = new byte[secret.LengthBytes];
        secret.CopyTo(bytes);

        Assert.Equal(length, bytes.Length);
        Assert.True(secret.Matches(bytes));
        for (var i = 0; i < length; i++)
        {
            bytes[i] ^= 1;
            Assert.False(secret.Matches(bytes));
            bytes[i] ^= 1;
        }

        Assert.False(secret.Matches(bytes.AsSpan(1)));
        Assert.False(secret.Matches([]));
        Assert.False(keys.NextSecret(length).Matches(bytes));
    }

    [Fact]
    public void What_was_never_issued_matches_nothing()
    {
        CancelSecret none = default;
        Assert.False(none.Matches([]));
        Assert.False(none.Matches(new byte[CancelSecret.ShortBytes]));
        Assert.False(none.Matches(new byte[CancelSecret.LongBytes]));
    }

    [Fact]
    public void Secrets_are_not_drawn_twice()
    {
        var keys = new CancelKeys(0);
        var seen = new HashSet<string>();
        for (var i = 0; i < 1000; i++)
        {
            var bytes = new byte[CancelSecret.LongBytes];
            keys.NextSecret(CancelSecret.LongBytes).CopyTo(bytes);
            Assert.True(seen.Add(Convert.ToHexString(bytes)));
        }
    }
}
