using System.Text;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Tokens;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class TokenVerdictCacheTests
{
    private static readonly VerifiedToken Token = ((TokenVerdict.Accepted)Corp.Judge(Corp.Token().Build())).Token;

    [Fact]
    public void A_token_is_remembered_until_its_exp_without_skew()
    {
        var cache = new TokenVerdictCache();
        cache.Add(Digest(1), NewProven(), cache.Epoch);

        Assert.True(cache.TryGet(Digest(1), Token.ExpiresAt.AddTicks(-1), out _));
        Assert.False(cache.TryGet(Digest(1), Token.ExpiresAt, out _));
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void Another_token_is_not_found()
    {
        var cache = new TokenVerdictCache();
        cache.Add(Digest(1), NewProven(), cache.Epoch);

        Assert.False(cache.TryGet(Digest(2), Corp.Now, out _));
    }

    [Fact]
    public void Clear_forgets_everything()
    {
        var cache = new TokenVerdictCache();
        cache.Add(Digest(1), NewProven(), cache.Epoch);
        cache.Clear();

        Assert.False(cache.TryGet(Digest(1), Corp.Now, out _));
    }

    [Fact]
    public void A_verdict_reached_before_Clear_is_not_kept_after_it()
    {
        var cache = new TokenVerdictCache();
        long epoch = cache.Epoch;
        cache.Clear();
        cache.Add(Digest(1), NewProven(), epoch);

        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void The_number_of_entries_is_bounded_and_what_is_in_use_stays()
    {
        var cache = new TokenVerdictCache(capacity: 8);
        for (int number = 0; number < 1000; number++)
        {
            cache.Add(Digest(number), NewProven(), cache.Epoch);

            Assert.InRange(cache.Count, 1, 8);
            Assert.True(cache.TryGet(Digest(0), Corp.Now, out _));
        }
    }

    [Fact]
    public async Task Threads_may_add_find_and_clear_at_once()
    {
        var cache = new TokenVerdictCache(capacity: 64);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
        {
            for (int number = 0; number < 5000; number++)
            {
                cache.Add(Digest(number % 200), NewProven(), cache.Epoch);
                cache.TryGet(Digest(number % 173), Corp.Now, out _);
                if (thread == 0 && number % 500 == 0)
                {
                    cache.Clear();
                }
            }
        })));

        Assert.InRange(cache.Count, 0, 64);
    }

    private static TokenDigest Digest(int number) => TokenDigest.Of(Encoding.ASCII.GetBytes($"token {number}"));

    private static ProvenToken NewProven() => new(Token, "{}", null!, RuleLimits.None, new TokenPlan([], new RuleBook([])));
}
