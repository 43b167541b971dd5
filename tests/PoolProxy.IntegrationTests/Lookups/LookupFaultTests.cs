using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Lookups;

/// <summary>What an auth_query may answer, and what becomes of logins when it cannot be asked.</summary>
public sealed class LookupFaultTests(AskedServer server) : IClassFixture<AskedServer>
{
    private const string Refused = "28P01 password authentication failed for user";
    private const string Faulty = "F0000 bouncer config error";

    // What stands for the user's stored password in the queries below.
    private const string Hash = "(select rolpassword from pg_authid where rolname = $1)";

    [Theory]
    [InlineData($"select $1::text, {Hash}", null, null)]
    [InlineData("select $1::text, 'right-pass-word'", null, null)]
    [InlineData("select $1::text, null", Refused, "check=unknown_user")]
    [InlineData("select $1::text, ''", Refused, "check=unknown_user")]
    [InlineData($"select null, {Hash}", Refused, "check=unknown_user")]
    [InlineData("select $1::text, 'x' where false", Refused, "check=unknown_user")]
    [InlineData($"select {Hash}", Faulty, "expected 2 columns from auth_query, not 1")]
    [InlineData($"select $1::text, {Hash}, 1", Faulty, "expected 2 columns from auth_query, not 3")]
    [InlineData($"select $1::text, {Hash} from generate_series(1, 2)", Faulty, "expected one row from auth_query, and there are several")]
    [InlineData("select $1::text, repeat('x', 2049)", Faulty, "a name or password of impossible length")]
    [InlineData("select $1::text, x from nowhere", Faulty, "error in auth_query: 42P01 (the server's log has the text)")]
    [InlineData("select 'a', 'b'", Faulty, "error in auth_query: 08P01")]
    [InlineData("-- $1", Faulty, "auth_query")]
    [InlineData("select $1::text, 'right-pass-word'; select 1", Faulty, "error in auth_query: 42601")]
    // A name that cannot even be looked for is nobody's.
    [InlineData("select $1::text, ($1::int)::text", Refused, "check=unknown_user")]
    public async Task Each_answer_has_its_outcome(string query, string? outcome, string? logged)
    {
        string user = await server.MakeAsync("user" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(query)))[..8]);
        await using ProxyUnderTest proxy = await server.StartAsync($"auth_user = \"{server.Asker}\"\nauth_query = \"{query}\"");
        string? answer = await AskedServer.TryAsync(proxy, user, AskedServer.Password);
        Assert.Equal(outcome, outcome is null ? answer : answer?[..Math.Min(outcome.Length, answer.Length)]);
        if (logged is not null)
        {
            await WaitFor.TrueAsync(() => AskedServer.Log(proxy).Contains(logged, StringComparison.Ordinal));
        }

        // Its servers are as good as before.
        Assert.Equal(answer, await AskedServer.TryAsync(proxy, user, AskedServer.Password));
        Assert.DoesNotContain(await server.SecretOfAsync(user), AskedServer.Log(proxy), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_was_asked_for_logs_in_whomever_auth_query_names()
    {
        string anna = await server.MakeAsync("named");
        await using ProxyUnderTest proxy = await server.StartAsync(
            $"auth_user = \"{server.Asker}\"\nauth_query = \"select rolname, rolpassword from pg_authid where rolname = lower($1)\"");
        string shouted = anna.ToUpperInvariant();
        Assert.Equal($"{Refused} \"{shouted}\"", await AskedServer.TryAsync(proxy, shouted, AskedServer.Password));
        await WaitFor.TrueAsync(() => AskedServer.Log(proxy).Contains($"auth_query answered the name {shouted} with another user, {anna}", StringComparison.Ordinal));
        Assert.Equal(anna, await AskedServer.WhoAsync(proxy, anna, AskedServer.Password));
    }

    [Fact]
    public async Task A_user_of_the_files_without_a_password_is_not_looked_up_by_a_method_that_needs_none()
    {
        await using ProxyUnderTest proxy = await server.StartAsync(
            $"auth_user = \"{server.Asker}\"\nauth_dbname = \"away\"\nstats_users = \"ops\"", authType: "trust",
            rest: $"[users.ops]\n[databases.away]\nhost = \"127.0.0.1\"\nport = {Sandbox.LoopbackPorts.Take()}");
        Assert.Null(await AskedServer.TryAsync(proxy, "ops", null, "pgbouncer"));
        Assert.StartsWith("08006", await AskedServer.TryAsync(proxy, "somebody", null, "pgbouncer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Databases_that_clients_make_up_are_asked_about_users_until_there_are_too_many()
    {
        string anna = await server.MakeAsync("bounded");
        await using ProxyUnderTest proxy = await server.StartAsync(rest: $"[databases.\"*\"]\nhost = \"127.0.0.1\"\nport = {server.Database.Cluster.Port}");
        Assert.Equal(anna, await AskedServer.WhoAsync(proxy, anna, AskedServer.Password, server.Database.Name));
        for (int i = 0; i < 100; i++)
        {
            Assert.StartsWith("08006", await AskedServer.TryAsync(proxy, anna, AskedServer.Password, $"made_up_{i}"), StringComparison.Ordinal);
        }

        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, AskedServer.Password, "one_too_many"), StringComparison.Ordinal);
        await WaitFor.TrueAsync(() => AskedServer.Log(proxy).Contains("database one_too_many is not asked about users: 100 databases", StringComparison.Ordinal));
        foreach (string database in (string[])["app", server.Database.Name])
        {
            Assert.Equal(anna, await AskedServer.WhoAsync(proxy, anna, AskedServer.Password, database));
        }
    }

    [Fact]
    public async Task A_database_can_be_asked_by_another_user_another_query_or_in_another_place()
    {
        string anna = await server.MakeAsync("placed");
        string place = $"host = \"127.0.0.1\"\nport = {server.Database.Cluster.Port}\ndbname = \"{server.Database.Name}\"";
        await using ProxyUnderTest proxy = await server.StartAsync(
            "", $"auth_user = \"{server.Asker}\"", rest: $"""
            [databases.other]
            {place}
            auth_user = "{server.Asker}"
            auth_query = "select $1::text, 'in-clear'"
            auth_dbname = "app"
            user = "postgres"

            [databases.silent]
            {place}
            """);
        Assert.Null(await AskedServer.TryAsync(proxy, anna, AskedServer.Password));
        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, AskedServer.Password, "other"), StringComparison.Ordinal);
        Assert.Equal("postgres", await AskedServer.WhoAsync(proxy, anna, "in-clear", "other"));
        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, AskedServer.Password, "silent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_nobody_can_be_asked_users_of_the_files_log_in_and_the_others_are_told_why_not()
    {
        string anna = await server.MakeAsync("down");
        await using ProxyUnderTest proxy = await server.StartAsync(
            $"auth_user = \"{server.Asker}\"\nauth_dbname = \"away\"", users: $"\"{anna}\" \"{AskedServer.Password}\"",
            rest: $"[databases.away]\nhost = \"127.0.0.1\"\nport = {Sandbox.LoopbackPorts.Take()}");
        Assert.Equal(anna, await AskedServer.WhoAsync(proxy, anna, AskedServer.Password));
        foreach (string password in (string[])[AskedServer.Password, "wrong-pass-word"])
        {
            Assert.Equal(
                "08006 server login has been failing, try again later (server_login_retry)", await AskedServer.TryAsync(proxy, "somebody", password));
        }

        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("auth_dbname", "#auth_dbname", StringComparison.Ordinal)));
        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, "somebody", AskedServer.Password), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_ends_the_login_by_client_login_timeout_and_the_question_with_it()
    {
        await using ProxyUnderTest proxy = await server.StartAsync($"auth_user = \"{server.Asker}\"\nauth_query = \"select $1::text, pg_sleep(600)::text\"\nclient_login_timeout = 1");
        Assert.Equal("57014 client_login_timeout", await AskedServer.TryAsync(proxy, "sleeper", AskedServer.Password));
        await WaitFor.TrueAsync(async () =>
            await server.Database.QueryAsync<long>($"select count(*) from pg_stat_activity where usename = '{server.Asker}' and state = 'active'") == 0);
    }

    [Fact]
    public async Task A_client_that_leaves_while_auth_query_is_asked_gives_its_place_up_at_once()
    {
        string anna = await server.MakeAsync("leaving");
        await using ProxyUnderTest proxy = await server.StartAsync($"auth_user = \"{server.Asker}\"\nauth_query = \"select $1::text, 'x' from pg_sleep(600)\"");
        await using (RawClient client = await proxy.ConnectAsync())
        {
            await client.StartupAsync(anna, "app");
            await WaitFor.TrueAsync(() => AskedServer.Log(proxy).Contains($"looks up user {anna}", StringComparison.Ordinal));
        }

        await WaitFor.TrueAsync(() => AskedServer.Log(proxy).Contains("client unexpected eof", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RELOAD_takes_auth_query_up_and_lays_it_down()
    {
        string anna = await server.MakeAsync("reloaded");
        await using ProxyUnderTest proxy = await server.StartAsync("# auth");
        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, AskedServer.Password), StringComparison.Ordinal);
        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("# auth", $"auth_user = \"{server.Asker}\" # auth", StringComparison.Ordinal)));
        await using RawClient stays = await proxy.LoginAsync(anna, "app", AskedServer.Password);
        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("# auth", "\nauth_query = \"select $1::text, 'in-clear'\" # auth", StringComparison.Ordinal)));
        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, AskedServer.Password), StringComparison.Ordinal);
        string fault = Assert.Single(await proxy.ReloadAsync(text => text.Replace("auth_user =", "# nobody =", StringComparison.Ordinal)));
        Assert.Contains(":13:14: auth_query needs the user that asks", fault, StringComparison.Ordinal);
        Assert.Equal(anna, await stays.ScalarAsync("select session_user"));
    }
}
