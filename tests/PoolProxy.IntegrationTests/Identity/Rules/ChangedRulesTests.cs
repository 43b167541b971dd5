using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity.Rules;

/// <summary>What a RELOAD that changes rules does with sessions that live: <c>changed_rules</c>.</summary>
public sealed class ChangedRulesTests
{
    private static int Major => AvailablePostgres.Found[^1].Major;

    [Fact]
    public async Task Kept_sessions_go_on_as_they_began()
    {
        await using Installation here = await StartAsync("keep");
        await using RawClient alice = await here.LoginAsync("alice");
        await PromoteAsync(here);
        Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
        await using RawClient again = await here.LoginAsync("alice");
        Assert.Equal(here.Writers, await again.ScalarAsync("select current_user"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Sessions_that_the_rules_make_something_else_are_ended_and_no_others(int threads)
    {
        await using Installation here = await StartAsync("end", $"threads = {threads}");
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient busy = await here.LoginAsync("alice");
        await using RawClient writer = await here.LoginAsync("carol", here.Writer("carol"));
        Assert.Equal("of alice", await alice.ScalarAsync("select body from notes"));
        await busy.DoAsync("begin");
        await PromoteAsync(here);
        Assert.Equal("57P01", (await alice.ReadToEndAsync()).SqlState());
        Assert.Equal("57P01 the rules for this identity have changed", Said(await busy.ReadToEndAsync()));
        Assert.Equal(here.Writers, await writer.ScalarAsync("select current_user"));
    }

    [Fact]
    public async Task Whom_no_rule_admits_any_more_is_ended()
    {
        await using Installation here = await StartAsync("remap");
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient writer = await here.LoginAsync("carol", here.Writer("carol"));
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace("when.groups = \"readers\"", "when.groups = \"nobody\"", StringComparison.Ordinal)));
        Assert.Equal("57P01 the configuration no longer admits this login", Said(await alice.ReadToEndAsync()));
        Assert.Equal(here.Writers, await writer.ScalarAsync("select current_user"));
    }

    [Theory]
    [InlineData("partitioned", 1)]
    [InlineData("partitioned", 2)]
    [InlineData("set_role", 1)]
    public async Task A_session_takes_up_its_new_role_between_two_transactions(string level, int threads)
    {
        await using Installation here = await StartAsync("remap", $"threads = {threads}", level);
        await using RawClient idle = await here.LoginAsync("alice");
        await using RawClient busy = await here.LoginAsync("bob");
        Assert.Equal("of alice", await idle.ScalarAsync("select body from notes"));
        await busy.DoAsync("begin");
        Assert.Equal(here.Readers, await busy.ScalarAsync("select current_user"));
        await PromoteAsync(here);
        Assert.Equal("of bob", await busy.ScalarAsync("select body from notes"));
        Assert.Equal(here.Readers, await busy.ScalarAsync("select current_user"));
        await busy.DoAsync("commit");
        await WaitFor.EqualAsync(here.Writers, () => idle.ScalarAsync("select current_user"));
        await WaitFor.EqualAsync(here.Writers, () => busy.ScalarAsync("select current_user"));
        await idle.DoAsync("insert into notes (owner, body) values ('alice', 'new')");
        Assert.Equal("2", await idle.ScalarAsync("select count(*) from notes"));
        Assert.Equal("1", await busy.ScalarAsync("select count(*) from notes"));

        // The counts of the pools went along: both leave, and nothing is left.
        await idle.DisposeAsync();
        await busy.DisposeAsync();
        await using RawClient after = await here.LoginAsync("alice");
        Assert.Equal(here.Writers, await after.ScalarAsync("select current_user"));
    }

    [Fact]
    public async Task What_a_session_has_prepared_as_another_role_ends_it_instead()
    {
        await using Installation here = await StartAsync("remap");
        await using RawClient client = await here.LoginAsync("alice");
        await client.Parse("mine", "select body from notes").Sync().RoundTripAsync();
        await PromoteAsync(here);
        Assert.Equal("57P01 the rules for this identity have changed", Said(await client.ReadToEndAsync()));
    }

    [Fact]
    public async Task Settings_and_limits_change_under_a_session_that_keeps_its_statements()
    {
        await using Installation here = await StartAsync("remap", readerLines: "search_path = \"one, public\"");
        await using RawClient client = await here.LoginAsync("alice");
        await client.Parse("mine", "select body from notes").Sync().RoundTripAsync();
        Assert.Equal("one, public", await client.ScalarAsync("show search_path"));
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace("search_path = \"one, public\"", "read_only = true\nmax_servers = 1\nquery_timeout = \"300ms\"", StringComparison.Ordinal)));
        await WaitFor.EqualAsync("on", () => client.ScalarAsync("show transaction_read_only"));
        Assert.Equal("\"$user\", public", await client.ScalarAsync("show search_path"));
        Assert.Equal(["of alice"], (await client.Bind("", "mine").Execute().Sync().RoundTripAsync()).Rows());
        await client.DoAsync("reset all");
        Assert.Equal("on", await client.ScalarAsync("show transaction_read_only"));
        await client.SendQueryAsync("select pg_sleep(60)");
        Assert.Equal("57014", (await client.ReadToEndAsync()).SqlState());
    }

    private static string Said(IReadOnlyList<Testing.Wire.WireMessage> messages) => $"{messages.SqlState()} {messages.ErrorText()}";

    private static Task<Installation> StartAsync(string policy, string proxy = "", string level = "partitioned", string readerLines = "") =>
        Installation.StartAsync(Major, new InstallationOptions { Level = level, Proxy = $"changed_rules = \"{policy}\"\n{proxy}", ReaderLines = readerLines });

    /// <summary>Readers are writers from here on.</summary>
    private static async Task PromoteAsync(Installation here) =>
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace(
            $"when.groups = \"readers\"\nrole = \"{here.Readers}\"", $"when.groups = \"readers\"\nrole = \"{here.Writers}\"", StringComparison.Ordinal)));
}
