using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>A login that could undo isolation serves nobody, unless the file allows it (isolation.md §5).</summary>
public sealed class UnsafeLoginTests
{
    private const string AdminRule = """

        [[rules]]
        issuer = "corp"
        when.groups = "admins"
        console = "admin"
        """;

    private const string Refusal = "28000 the server login of this pool is unsafe";

    public static IEnumerable<object[]> Dangers =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from danger in (string[])
        [
            "alter role {login} superuser",
            "alter role {login} createrole",
            "alter role {login} replication",
            "alter role {login} bypassrls",
            "grant pg_write_server_files to {login}",
            "alter role {readers} superuser",
            "grant pg_execute_server_program to {readers}",
        ]
        select new object[] { major, danger };

    [Theory]
    [MemberData(nameof(Dangers))]
    public async Task Its_clients_get_28000_with_a_hint_and_the_log_holds_the_repair(int major, string danger)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Proxy = "server_login_retry = \"100ms\"" });
        await here.Database.ExecuteAsync(danger.Replace("{login}", here.Login, StringComparison.Ordinal).Replace("{readers}", here.Readers, StringComparison.Ordinal));

        WireMessage refused = (await here.TryLoginAsync("alice", here.Reader("alice"))).Error!;
        Assert.Equal(Refusal, $"{refused.SqlState} {refused.ErrorText}");
        Assert.Contains("allow_unsafe_login", refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("SUPERUSER", refused.ToString(), StringComparison.OrdinalIgnoreCase);

        // The other login is as it was.
        await using RawClient writer = await here.LoginAsync("carol", here.Writer("carol"));
        Assert.Equal(here.Writers, await writer.ScalarAsync("select current_user"));

        await WaitFor.TrueAsync(() => here.Log.Contains("could undo isolation", StringComparison.Ordinal));
        string line = here.Log.Split('\n').First(text => text.Contains("could undo isolation", StringComparison.Ordinal));
        int begin = line.IndexOf("Run: ", StringComparison.Ordinal) + "Run: ".Length;
        await here.Database.ExecuteAsync(line[begin..line.IndexOf(" or set allow_unsafe_login", StringComparison.Ordinal)]);
        await WaitFor.TrueAsync(async () => (await here.TryLoginAsync("alice", here.Reader("alice"))).Error is null);
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task The_file_may_allow_it(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { DatabaseLines = "allow_unsafe_login = true" });
        await here.Database.ExecuteAsync($"alter role {here.Login} superuser");
        await using RawClient client = await here.LoginAsync("alice");
        Assert.Equal(here.Readers, await client.ScalarAsync("select current_user"));
    }

    [Fact]
    public async Task A_database_may_forbid_what_the_proxy_allows_and_a_reload_that_allows_it_serves_at_once()
    {
        await using Installation here = await Installation.StartAsync(
            AvailablePostgres.Found[^1].Major, new InstallationOptions { Proxy = "allow_unsafe_login = true", DatabaseLines = "allow_unsafe_login = false" });
        await here.Database.ExecuteAsync($"alter role {here.Login} superuser");
        Assert.Equal("28000", (await here.TryLoginAsync("alice", here.Reader("alice"))).Error!.SqlState);

        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace("allow_unsafe_login = false", "", StringComparison.Ordinal)));
        await using RawClient client = await here.LoginAsync("alice");
        Assert.Equal(here.Readers, await client.ScalarAsync("select current_user"));
    }

    [Fact]
    public async Task Who_is_being_served_is_refused_too_once_a_login_shows_it()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { IssuerLines = AdminRule });
        await using RawClient client = await here.LoginAsync("alice");
        Assert.Equal(here.Readers, await client.ScalarAsync("select current_user"));
        await here.Database.ExecuteAsync($"alter role {here.Login} superuser");
        await using RawClient console = await here.Proxy.LoginAsync("boss", "pgbouncer", here.Issuer.Token("boss").Groups("admins").Build());
        await console.QueryAsync("RECONNECT");
        await client.SendQueryAsync("select 1");
        Assert.Equal("28000", (await client.ReadToEndAsync()).SqlState());
        Assert.Equal("28000", (await here.TryLoginAsync("bob", here.Reader("bob"))).Error!.SqlState);
    }
}
