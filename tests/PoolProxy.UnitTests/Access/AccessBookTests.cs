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
        Assert.Null(book.TryAdd(Grant("1"), 10, 10, Now));
        Assert.Equal(AccessRefusal.OtherUser, book.TryUse("1", _ => AccessRefusal.OtherUser, Now, out _));
        Assert.Null(book.TryUse("1", _ => null, Now, out AccessGrant? used));
        Assert.Equal("1", used?.Id);
        Assert.Equal(AccessRefusal.GrantUsed, book.TryUse("1", _ => null, Now, out _));
        Assert.Equal(AccessRefusal.GrantUnknown, book.TryUse("2", _ => null, Now, out _));
    }

    [Fact]
    public void A_grant_that_is_over_or_taken_back_opens_nothing()
    {
        var book = new AccessBook();
        Assert.Null(book.TryAdd(Grant("1"), 10, 10, Now));
        Assert.Null(book.TryAdd(Grant("2"), 10, 10, Now));
        Assert.Null(book.Revoke("1", grant => grant.Subject == "dave", Now));
        Assert.NotNull(book.Revoke("1", grant => grant.Subject == "carol", Now));
        Assert.Equal(AccessRefusal.GrantRevoked, book.TryUse("1", _ => null, Now, out _));
        DateTimeOffset end = Now.AddMinutes(30);
        Assert.Null(book.Revoke("2", _ => true, end));
        Assert.Equal(AccessRefusal.GrantUnknown, book.TryUse("2", _ => null, end, out _));
        Assert.Empty(book.List(_ => true, end));
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
        Assert.Equal(["4"], book.List(_ => true, Now).Select(entry => entry.Grant.Id));
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
        PolicyNumber = 1,
        ExposedClaims = "{}",
        Facts = new TokenFacts("corp", subject, null, null, null),
        IssuedAt = Now,
        UseBy = Now.AddMinutes(5),
        EndsAt = Now.AddMinutes(id == "4" ? 60 : 30),
    };
}
