using PoolProxy.Identity.Rules;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class RoleChoiceTests
{
    private static readonly string[] NameClaims = ["preferred_username", "email", "sub"];

    [Theory]
    [InlineData("app_write", "app_write")]
    [InlineData("app_read", "app_read")]
    [InlineData("alice", "app_read")]
    [InlineData("alice@example.com", "app_read")]
    [InlineData("s-1", "app_read")]
    [InlineData("app_admin", null)]
    [InlineData("APP_READ", null)]
    [InlineData("", null)]
    public void The_startup_user_is_a_role_of_the_rule_or_the_persons_own_name(string startupUser, string? expected)
    {
        var claims = Corp.Claims("""{"preferred_username":"alice","email":"alice@example.com","sub":"s-1"}""");

        bool chosen = RoleChoice.TryChoose(RuleOf("app_read", "app_write"), claims, NameClaims, startupUser, out string? role, out AccessRefusal refusal);

        Assert.Equal(expected, role);
        Assert.Equal(expected is not null, chosen);
        Assert.Equal(AccessRefusal.RoleNotAllowed, refusal);
    }

    [Fact]
    public void A_missing_name_claim_gives_way_to_the_next() =>
        Assert.True(RoleChoice.TryChoose(RuleOf("r"), Corp.Claims("""{"preferred_username":["x"],"email":"","sub":"s-1"}"""), NameClaims, "s-1", out _, out _));

    [Fact]
    public void A_rule_without_roles_gives_none() =>
        Assert.False(RoleChoice.TryChoose(RuleOf(), Corp.Claims("""{"sub":"alice"}"""), NameClaims, "alice", out _, out _));

    [Theory]
    [InlineData("none")]
    [InlineData("alice")]
    public void A_role_named_none_is_never_given(string startupUser)
    {
        Assert.False(RoleChoice.TryChoose(RuleOf("none"), Corp.Claims("""{"sub":"alice"}"""), NameClaims, startupUser, out _, out AccessRefusal refusal));
        Assert.Equal(AccessRefusal.RoleForbidden, refusal);
    }

    [Theory]
    [InlineData("app_read", true)]
    [InlineData("élan", true)]
    [InlineData("😀", true)]
    [InlineData("none", false)]
    [InlineData("NONE", false)]
    [InlineData("", false)]
    [InlineData("a\0b", false)]
    [InlineData("a\nb", false)]
    [InlineData("\ud800", false)]
    public void These_names_may_be_sent(string name, bool allowed) => Assert.Equal(allowed, RoleName.IsAllowed(name));

    [Fact]
    public void Names_are_bounded_in_bytes_not_characters()
    {
        Assert.True(RoleName.IsAllowed(new string('a', 63)));
        Assert.False(RoleName.IsAllowed(new string('a', 64)));
        Assert.False(RoleName.IsAllowed(new string('é', 32)));
    }

    private static Rule RuleOf(params string[] roles) => new() { Number = 1, Issuer = "corp", Roles = roles };
}
