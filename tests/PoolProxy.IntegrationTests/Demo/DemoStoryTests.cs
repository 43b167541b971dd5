using PoolProxy.Sandbox.Demo;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Demo;

/// <summary>The demo's story against the real proxy: it goes well, and it fails when one of the things that keep people apart is taken out.</summary>
public sealed class DemoStoryTests
{
    [Fact]
    public async Task The_story_goes_well() => Assert.Empty(await TellAsync(new DemoOptions()));

    [Fact]
    public async Task It_fails_without_the_policy_on_the_table() =>
        Assert.Contains(await TellAsync(new DemoOptions { PolicyEnabled = false }), failure => failure.StartsWith("alice should see exactly", StringComparison.Ordinal));

    [Fact]
    public async Task It_fails_when_SQL_does_not_learn_the_subject() =>
        Assert.Contains(await TellAsync(new DemoOptions { SubjectExposed = false }), failure => failure.StartsWith("alice should see exactly", StringComparison.Ordinal));

    [Fact]
    public async Task It_fails_when_the_forgers_key_is_trusted() =>
        Assert.Contains("a token signed with a stranger's key should be refused, and came in", await TellAsync(new DemoOptions { ForgerTrusted = true }));

    [Fact]
    public async Task It_fails_when_the_expired_token_is_fresh() =>
        Assert.Contains("a token that ended an hour ago should be refused, and came in", await TellAsync(new DemoOptions { ExpiredTokenFresh = true }));

    [Fact]
    public async Task It_fails_when_the_rules_admit_everybody() =>
        Assert.Contains("a good token of someone whom no rule admits should be refused, and came in", await TellAsync(new DemoOptions { StrangerAdmitted = true }));

    [Fact]
    public async Task It_fails_without_an_audit_trail() =>
        Assert.Contains(await TellAsync(new DemoOptions { AuditEnabled = false }), failure => failure.StartsWith("the audit trail should know", StringComparison.Ordinal));

    private static async Task<IReadOnlyList<string>> TellAsync(DemoOptions options)
    {
        await using DemoWorld world = await DemoWorld.StartAsync(options);
        await using IAsyncDisposable proxy = await ProxyUnderTest.Starter!.StartAsync(world.ConfigurationFile, CancellationToken.None);
        await using var output = new StringWriter();
        return await new DemoStory(world.Scene with { AuditPatience = TimeSpan.FromSeconds(2) }, output).RunAsync();
    }
}
