using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>The alarm of isolation.md §4: somebody ran ALTER ROLE … SET on a login.</summary>
public sealed class TamperedLoginTests
{
    private const string AdminRule = """

        [[rules]]
        issuer = "corp"
        when.groups = "admins"
        console = "admin"
        """;

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task It_is_in_the_log_with_the_repair_and_counted_in_SHOW_STATE_and_the_client_hears_nothing_of_it(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { IssuerLines = AdminRule, Proxy = "server_login_retry = \"100ms\"" });
        await using RawClient console = await here.Proxy.LoginAsync("boss", "pgbouncer", here.Issuer.Token("boss").Groups("admins").Build());
        Assert.Equal("0", (await console.RowAsync("SHOW STATE", "key", "tampered_logins"))["value"]);
        await here.Database.ExecuteAsync($"alter role {here.Login} set statement_timeout = 1; alter role {here.Login} set search_path = 'evil'");

        WireMessage refused = (await here.TryLoginAsync("alice", here.Reader("alice"))).Error!;
        Assert.Equal("08006 server login has been failing, try again later (server_login_retry)", $"{refused.SqlState} {refused.ErrorText}");
        Assert.DoesNotContain("search_path", refused.ToString(), StringComparison.Ordinal);
        Assert.True(int.Parse((await console.RowAsync("SHOW STATE", "key", "tampered_logins"))["value"]!) > 0, "the alarm is counted");
        await WaitFor.TrueAsync(() => here.Log.Contains("comes from ALTER ROLE", StringComparison.Ordinal));
        string line = here.Log.Split('\n').First(text => text.Contains("comes from ALTER ROLE", StringComparison.Ordinal));
        Assert.Contains("search_path", line, StringComparison.Ordinal);
        Assert.Contains($"ALTER ROLE \"{here.Login}\" RESET \"search_path\";", line, StringComparison.Ordinal);
        Assert.Contains($"ALTER ROLE \"{here.Login}\" RESET \"statement_timeout\";", line, StringComparison.Ordinal);
        Assert.Contains("ERROR", line, StringComparison.Ordinal);

        // The other login is as it was.
        await using RawClient writer = await here.LoginAsync("carol", here.Writer("carol"));
        Assert.Equal(here.Writers, await writer.ScalarAsync("select current_user"));
    }

    [Fact]
    public async Task It_is_raised_though_what_was_set_makes_the_server_unfit_for_what_the_database_asks()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            IssuerLines = AdminRule, Proxy = "server_login_retry = \"100ms\"", DatabaseLines = "target_session_attrs = \"read-write\"",
        });
        await here.Database.ExecuteAsync($"alter role {here.Login} set default_transaction_read_only = on; alter role {here.Login} set statement_timeout = 1");

        // Who waits for a host that fits is served when the login has been repaired.
        Task<RawClient> waiting = here.LoginAsync("alice", here.Reader("alice"));
        await WaitFor.TrueAsync(() => here.Log.Contains("comes from ALTER ROLE", StringComparison.Ordinal));
        string line = here.Log.Split('\n').First(text => text.Contains("comes from ALTER ROLE", StringComparison.Ordinal));
        Assert.Contains($"ALTER ROLE \"{here.Login}\" RESET \"default_transaction_read_only\";", line, StringComparison.Ordinal);
        await here.Database.ExecuteAsync($"alter role {here.Login} reset default_transaction_read_only; alter role {here.Login} reset statement_timeout");
        await using RawClient alice = await waiting;
        Assert.Equal("off", await alice.ScalarAsync("show transaction_read_only"));
    }

    [Fact]
    public async Task A_login_that_fails_for_another_reason_is_no_alarm()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { IssuerLines = AdminRule });
        await here.Database.ExecuteAsync($"alter role {here.Login} nologin");
        Assert.NotNull((await here.TryLoginAsync("alice", here.Reader("alice"))).Error);
        await using RawClient console = await here.Proxy.LoginAsync("boss", "pgbouncer", here.Issuer.Token("boss").Groups("admins").Build());
        Assert.Equal("0", (await console.RowAsync("SHOW STATE", "key", "tampered_logins"))["value"]);
    }
}
