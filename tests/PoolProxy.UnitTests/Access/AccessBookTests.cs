using PoolProxy.Core.Access;
using PoolProxy.Identity.Revocation;
using Xunit;

namespace PoolProxy.UnitTests.Access;

public sealed class AccessBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_grant_is_used_once()
    {
        var book = new AccessBook();
        AccessGrant grant = Grant("1");
        Assert.Null(book.TryAdd(grant, 10, 10, Now));
        Assert.Same(grant, book.Find("1", Now));
        Assert.Null(book.Find("2", Now));
        Assert.Null(book.TryUse(grant, Now));
        Assert.Equal(AccessRefusal.GrantUsed, book.TryUse(grant, Now));
    }

    [Fact]
    public void A_grant_that_is_over_or_taken_back_opens_nothing()
    {
        var book = new AccessBook();
        AccessGrant one = Grant("1"), two = Grant("2");
        Assert.Null(book.TryAdd(one, 10, 10, Now));
        Assert.Null(book.TryAdd(two, 10, 10, Now));
        Assert.True(book.TryRevoke(one, Now));
        Assert.Equal(AccessRefusal.GrantRevoked, book.TryUse(one, Now));
        DateTimeOffset end = Now.AddMinutes(30);
        Assert.False(book.TryRevoke(two, end));
        Assert.Equal(AccessRefusal.GrantUnknown, book.TryUse(two, end));
        Assert.Null(book.Find("2", end));
        Assert.Empty(book.List(end));
    }

    [Fact]
    public void What_waits_for_its_approval_is_collected_once_and_its_time_begins_then()
    {
        var book = new AccessBook();
        AccessGrant grant = Grant("1");
        grant.State = AccessState.Pending;
        Assert.Null(book.TryAdd(grant, 10, 10, Now));
        DateTimeOffset later = Now.AddMinutes(20);
        TimeSpan within = TimeSpan.FromMinutes(5);
        Assert.Equal(AccessRefusal.NotApproved, book.TryUse(grant, Now));
        Assert.Equal(AccessRefusal.NotApproved, book.Collect("1", "corp", "carol", within, Now, out _));
        Assert.Null(book.TryApprove(grant, "lee", later));
        Assert.Equal(AccessRefusal.GrantUnknown, book.TryApprove(grant, "kim", later));
        Assert.Equal(AccessRefusal.GrantUnknown, book.Collect("1", "corp", "dave", within, later, out _));
        Assert.Null(book.Collect("1", "corp", "carol", within, later, out _));
        Assert.Equal(("lee", later + within, later + grant.Time), (grant.ApprovedBy, grant.UseBy, grant.EndsAt));
        Assert.Equal(AccessRefusal.GrantUnknown, book.Collect("1", "corp", "carol", within, later, out _));
        Assert.Null(book.TryUse(grant, later));
    }

    [Fact]
    public void Bounds_count_what_is_not_over()
    {
        var book = new AccessBook();
        Assert.Null(book.TryAdd(Grant("1"), 3, 2, Now));
        Assert.Null(book.TryAdd(Grant("2"), 3, 2, Now));
        Assert.Equal(AccessRefusal.TooManyOfOne, book.TryAdd(Grant("3"), 3, 2, Now));
        Assert.Null(book.TryAdd(Grant("3", "dave"), 3, 2, Now));
        Assert.Equal(AccessRefusal.TooManyOfAll, book.TryAdd(Grant("4", "erin"), 3, 2, Now));
        Assert.Null(book.TryAdd(Grant("4", "erin"), 3, 2, Now.AddMinutes(30)));
        Assert.Equal(["4"], book.List(Now).Select(entry => entry.Grant.Id));
    }

    private static AccessGrant Grant(string id, string subject = "carol") => new()
    {
        Id = id,
        Issuer = "corp",
        Subject = subject,
        Users = [subject],
        Database = "app",
        Role = "app_write",
        Reason = "",
        Policy = new AccessPolicy { Number = 1, Issuer = "corp", Conditions = [], Roles = ["app_write"], Databases = [], MaxTime = TimeSpan.FromHours(1), RequiresReason = false, Approvers = [] },
        Time = TimeSpan.FromMinutes(30),
        State = AccessState.Issued,
        ExposedClaims = "{}",
        Facts = new TokenFacts("corp", subject, null, null, null),
        IssuedAt = Now,
        UseBy = Now.AddMinutes(5),
        EndsAt = Now.AddMinutes(id == "4" ? 60 : 30),
    };
}
