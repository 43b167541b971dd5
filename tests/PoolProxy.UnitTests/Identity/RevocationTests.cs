using PoolProxy.Identity.Revocation;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public sealed class RevocationTests
{
    private static readonly DateTimeOffset Now = Corp.Now;

    private static readonly TokenFacts Alice = new("corp", "alice", "j1", "s1", Now.AddMinutes(-5));

    [Theory]
    [InlineData("jti 'j1'", true)]
    [InlineData("jti 'j2'", false)]
    [InlineData("JTI 'j1' ISSUER 'corp'", true)]
    [InlineData("jti 'j1' issuer 'other'", false)]
    [InlineData("sub 'alice'", true)]
    [InlineData("sub 'Alice'", false)]
    [InlineData("issuer 'corp' sub 'alice'", true)]
    [InlineData("sid 's1'", true)]
    [InlineData("sid 'j1'", false)]
    [InlineData("issuer 'corp'", true)]
    [InlineData("issuer 'other'", false)]
    [InlineData("before 'now'", true)]
    [InlineData("before '2020-01-01T00:00:00Z'", false)]
    [InlineData("before 'now' sub 'bob'", false)]
    [InlineData("before 'now' sub 'alice' issuer 'corp'", true)]
    [InlineData("sub 'alice' until '2001-01-01T00:00:00+02:00'", false)]
    public void An_order_covers_what_it_says(string order, bool isCovered)
    {
        var set = RevocationSet.Empty.With(Read(order));
        Assert.Equal(isCovered, set.Find(Alice, Now) is not null);
        Assert.Equal(isCovered, RevocationSet.Of([Read(order)]).Find(Alice, Now) is not null);
        Assert.Null(set.Without(Read(order).Key).Find(Alice, Now));
    }

    [Fact]
    public void A_token_without_a_time_of_issue_counts_as_issued_before() =>
        Assert.NotNull(RevocationSet.Empty.With(Read("before '2001-01-01T00:00:00Z'")).Find(Alice with { IssuedAt = null }, Now));

    [Fact]
    public void A_token_of_the_second_that_now_is_in_is_covered() =>
        Assert.NotNull(RevocationSet.Empty.With(Read("before 'now'")).Find(Alice with { IssuedAt = DateTimeOffset.FromUnixTimeSeconds(Now.ToUnixTimeSeconds()) }, Now));

    [Fact]
    public void Of_two_orders_with_one_key_the_wider_counts_and_an_order_ends()
    {
        var set = RevocationSet.Empty.With(Read("sub 'alice' for '1h'")).With(Read("sub 'alice' for '10m'"));
        Assert.Equal(Now.AddHours(1), Assert.Single(set.Entries).Until);
        Assert.NotNull(set.Find(Alice, Now.AddMinutes(59)));
        Assert.Null(set.Find(Alice, Now.AddMinutes(60)));
        Assert.Equal(0, set.At(Now.AddMinutes(60)).Count);
        Assert.Same(set, set.At(Now));
    }

    [Theory]
    [InlineData("jti 'it''s'")]
    [InlineData("sub 'alice' issuer 'corp' until '2031-02-03T04:05:06.789Z' source 'console' reason 'left'")]
    [InlineData("before '2026-01-01T00:00:00.000Z'")]
    [InlineData("issuer 'corp'")]
    [InlineData("sid 's' issuer 'corp'")]
    public void What_is_written_reads_as_the_same(string order)
    {
        Assert.Equal(order, RevocationText.Write(Read(order)));
        Assert.Equal(Read(order), Read(RevocationText.Write(Read(order))));
    }

    [Theory]
    [InlineData("", "whom it is about is missing")]
    [InlineData("until '2031-01-01T00:00:00Z'", "whom it is about is missing")]
    [InlineData("jti", "jti needs a value")]
    [InlineData("jti j1", "jti needs a value")]
    [InlineData("'jti' 'j1'", "is none of")]
    [InlineData("user 'alice'", "is none of")]
    [InlineData("sub ''", "1 to 1024 characters")]
    [InlineData("sub 'a' sub 'b'", "stands there twice")]
    [InlineData("sub 'a' jti 'b'", "do not go together")]
    [InlineData("sid 'a' before 'now'", "before goes with")]
    [InlineData("before '2026-01-01'", "before needs a time")]
    [InlineData("before '2026-01-01T00:00:00'", "before needs a time")]
    [InlineData("sub 'a' until 'now'", "until needs a time")]
    [InlineData("sub 'a' for '0s'", "until needs a time")]
    [InlineData("sub 'a' for '5'", "until needs a time")]
    [InlineData("sub 'a' for '99999d'", "until needs a time")]
    [InlineData("sub 'a\tb'", "control character")]
    public void What_is_no_order_is_refused_with_the_reason(string order, string reason)
    {
        Assert.True(RevocationText.TryCut(order, out var words));
        Assert.False(RevocationText.TryRead(words, Now, DateTimeOffset.MaxValue, out _, out string? fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sub 'alice")]
    [InlineData("sub = 'alice'")]
    public void What_cannot_be_cut_into_words_is_refused(string order) => Assert.False(RevocationText.TryCut(order, out _));

    [Fact]
    public void A_file_is_read_whole_or_not_at_all()
    {
        Assert.True(RevocationFile.TryRead("# people who left\n\n sub 'alice'\r\njti 'j9' for '1h' # no comment\n".Replace(" # no comment", "", StringComparison.Ordinal), 2, Now, Now.AddDays(1), out var entries, out _));
        Assert.Equal([Now.AddDays(1), Now.AddHours(1)], entries.Select(entry => entry.Until));
        Assert.False(RevocationFile.TryRead("sub 'alice'\nsub alice\n", 2, Now, Now, out _, out string? fault));
        Assert.StartsWith("line 2:", fault, StringComparison.Ordinal);
        Assert.False(RevocationFile.TryRead("sub 'a'\nsub 'b'\nsub 'c'\n", 2, Now, Now, out _, out fault));
        Assert.Contains("max_entries", fault, StringComparison.Ordinal);
    }

    private static RevocationEntry Read(string order)
    {
        Assert.True(RevocationText.TryCut(order, out var words));
        Assert.True(RevocationText.TryRead(words, Now, DateTimeOffset.MaxValue, out var entry, out string? fault), fault);
        return entry;
    }
}
