using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>What a server's startup packet pins, the check behind its login, and what a client may ask for at startup (isolation.md §4).</summary>
public sealed class StartupTests(SharedInstallations installations) : IClassFixture<SharedInstallations>
{
    public static TheoryData<int, string, string> AlteredPins
    {
        get
        {
            var rows = new TheoryData<int, string, string>();
            foreach (int major in AvailablePostgres.Found.Select(binaries => binaries.Major))
            {
                rows.Add(major, "alter role LOGIN set search_path = 'evil'", "ALTER ROLE LOGIN RESET \"search_path\"");
                rows.Add(major, "alter role LOGIN set row_security = off", "ALTER ROLE LOGIN RESET \"row_security\"");
                rows.Add(major, "alter role LOGIN set role = 'postgres'", "ALTER ROLE LOGIN RESET \"role\"");
                rows.Add(major, "alter role LOGIN in database HERE set search_path = 'evil'", "ALTER ROLE LOGIN IN DATABASE HERE RESET \"search_path\"");
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_setting_given_to_the_login_keeps_everybody_out_until_it_is_declared(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Proxy = "server_login_retry = 1" });
        await here.Database.ExecuteAsync($"alter role {here.Login} set lock_timeout = 1");
        RawLogin refused = await here.TryLoginAsync("alice", here.Reader("alice"));
        Assert.NotNull(refused.Error);
        await WaitFor.TrueAsync(() => here.Log.Contains($"ALTER ROLE \"{here.Login}\" RESET \"lock_timeout\""));
        await here.Database.ExecuteAsync($"alter role {here.Login} reset lock_timeout");
        await WaitFor.TrueAsync(async () => (await here.TryLoginAsync("alice", here.Reader("alice"))).Error is null);
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_declared_setting_beats_the_one_given_to_the_login(int major)
    {
        await using Installation declared = await Installation.StartAsync(major, new InstallationOptions { LoginLines = "settings = { work_mem = \"6MB\" }" });
        await declared.Database.ExecuteAsync($"alter role {declared.Login} set work_mem = '5MB'");
        await using RawClient alice = await declared.LoginAsync("alice");
        Assert.Equal("6MB", await alice.ScalarAsync("show work_mem"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task What_a_client_does_to_its_own_login_reaches_nobody(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Proxy = "server_login_retry = 0" });
        await using (RawClient alice = await here.LoginAsync("alice"))
        {
            await alice.DoAsync($"do $$ begin execute 'set local role none'; execute 'alter role {here.Login} set work_mem = ''77MB'''; end $$");
            await here.Database.ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{here.Login}'");
            await WaitFor.EqualAsync(0L, () => here.Database.QueryAsync<long>($"select count(*) from pg_stat_activity where usename = '{here.Login}'")!);
        }
        var bobs = new List<RawClient>();
        await WaitFor.TrueAsync(async () =>
        {
            RawClient bob = await here.Proxy.ConnectAsync();
            bobs.Add(bob);
            if ((await bob.TryLoginAsync("bob", here.Database.Name, here.Reader("bob").Build())).Error is null)
            {
                // Welcomed with what an earlier server had said; his first statement needs one.
                await bob.Query("show work_mem").SendAsync();
            }
            await Task.Delay(50);
            return here.Log.Contains("setting work_mem comes from ALTER ROLE");
        });
        foreach (RawClient bob in bobs)
        {
            await bob.DisposeAsync();
        }
    }

    // The pin hides where the value comes from: pg_settings names the startup packet as the source, so this went unnoticed.
    [Theory]
    [MemberData(nameof(AlteredPins))]
    public async Task A_pinned_setting_given_to_the_login_is_an_alarm_and_keeps_everybody_out(int major, string alteration, string repair)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { Proxy = "server_login_retry = \"50ms\"" });
        string Names(string sql) => sql.Replace("LOGIN", $"\"{here.Login}\"", StringComparison.Ordinal).Replace("HERE", $"\"{here.Database.Name}\"", StringComparison.Ordinal);
        await here.Database.ExecuteAsync(Names(alteration));
        Assert.Equal("08006", (await here.TryLoginAsync("alice", here.Reader("alice"))).Error?.SqlState);
        await WaitFor.TrueAsync(() => here.Log.Contains(Names(repair), StringComparison.Ordinal));
        await here.Database.ExecuteAsync(Names(repair));
        await WaitFor.TrueAsync(async () => (await here.TryLoginAsync("alice", here.Reader("alice"))).Error is null);
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_pinned_setting_that_is_declared_is_the_declared_one(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { LoginLines = "settings = { search_path = \"pg_catalog\" }" });
        await here.Database.ExecuteAsync($"alter role {here.Login} set search_path = 'evil'");
        await using RawClient alice = await here.LoginAsync("alice");
        Assert.Equal("pg_catalog", await alice.ScalarAsync("show search_path"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task What_the_administrator_gave_to_the_database_or_to_other_roles_stands(int major)
    {
        await using Installation here = await Installation.StartAsync(major);
        await here.Database.ExecuteAsync($"""
            alter database {here.Database.Name} set search_path = 'elsewhere';
            alter database {here.Database.Name} set work_mem = '7MB';
            alter role {here.Readers} set search_path = 'elsewhere';
            alter role {here.Login} in database postgres set search_path = 'elsewhere';
            """);
        await using RawClient alice = await here.LoginAsync("alice");
        Assert.Equal("\"$user\", public 7MB", await alice.ScalarAsync("select current_setting('search_path') || ' ' || current_setting('work_mem')"));
        Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Pins_survive_every_reset(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient alice = await here.LoginAsync("alice");
        foreach (string reset in (string[])["reset all", "discard all", "reset search_path"])
        {
            await alice.DoAsync(reset);
            Assert.Equal("\"$user\", public", await alice.ScalarAsync("show search_path"));
            Assert.Equal(here.Readers, await alice.ScalarAsync("select current_user"));
        }
    }

    [Theory]
    [InlineData("role", "postgres")]
    [InlineData("ROLE", "postgres")]
    [InlineData("session_authorization", "postgres")]
    [InlineData("request.jwt.claims", "{}")]
    [InlineData("poolproxy.key", "x")]
    [InlineData("exit_on_error", "on")]
    [InlineData("local_preload_libraries", "x")]
    [InlineData("session_preload_libraries", "x")]
    [InlineData("options", "-c role=postgres")]
    [InlineData("options", "-crole=postgres")]
    [InlineData("options", "--role=postgres")]
    [InlineData("options", "--session-authorization=postgres")]
    [InlineData("options", "-c request.jwt.claims={}")]
    [InlineData("options", "-c statement_timeout=5s -c ro\\le=postgres")]
    public async Task What_decides_about_identity_may_not_be_asked_for_at_startup(string name, string value)
    {
        Installation here = await installations.OfAsync(AvailablePostgres.Found[0].Major, "partitioned");
        RawLogin login = await here.TryLoginAsync("alice", here.Reader("alice"), (name, value));
        Assert.Equal("42501", login.Error?.SqlState);
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Allowed_startup_parameters_hold_and_are_the_clients_own(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient alice = await here.LoginAsync(
            "alice", here.Reader("alice"), ("options", "-c statement_timeout=54321 --search-path=pg_catalog,public"), ("TimeZone", "Asia/Tokyo"));
        await using RawClient bob = await here.LoginAsync("bob");
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("54321ms", await alice.ScalarAsync("show statement_timeout"));
            Assert.Equal("pg_catalog, public", await alice.ScalarAsync("show search_path"));
            Assert.Equal("Asia/Tokyo", await alice.ScalarAsync("show timezone"));
            Assert.Equal("0", await bob.ScalarAsync("show statement_timeout"));
            Assert.Equal("\"$user\", public", await bob.ScalarAsync("show search_path"));
        }
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_startup_value_that_the_server_refuses_ends_its_client_only(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient alice = await here.LoginAsync("alice", here.Reader("alice"), ("statement_timeout", "nonsense"));
        await alice.Query("select 1").SendAsync();
        WireMessage error = (await alice.ReadToEndAsync()).Single(message => message.Name == "ErrorResponse");
        Assert.Equal("22023", error.SqlState);
        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal("bob", await bob.ScalarAsync(RawClientQuestions.Subject));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task The_client_is_told_its_role_as_session_authorization(int major)
    {
        Installation here = await installations.OfAsync(major, "partitioned");
        await using RawClient alice = await here.LoginAsync("alice");
        Assert.Equal(here.Readers, alice.Parameters["session_authorization"]);
    }
}
