using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Admin;

/// <summary>What PoolProxy's own SHOW commands tell about issuers, rules and identities; and that a token opens the console by a rule only.</summary>
public sealed class ConsoleIdentityTests
{
    [Fact]
    public async Task Issuers_rules_and_identities_are_shown_without_a_token_among_them()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var issuer = await TestIssuer.StartAsync();
        await using var proxy = await StartAsync(database, issuer);
        var token = issuer.Token("alice").Groups("analysts").Build();
        await using var client = await proxy.LoginAsync(database.Role("reader"), "app", token);
        await using var console = await proxy.LoginAsync("boss", "poolproxy", issuer.Token("boss").Groups("dba").Build());

        var identity = await console.RowAsync("SHOW IDENTITIES", "subject", "alice");
        Assert.Equal(("corp", database.Role("reader"), "1"), (identity["issuer"], identity["role"], identity["clients"]));
        var corp = Assert.Single(await console.RowsAsync("SHOW ISSUERS"));
        Assert.Equal(("corp", issuer.Issuer, "1", null), (corp["name"], corp["issuer"], corp["keys"], corp["last_fault"]));
        var rules = await console.RowsAsync("SHOW RULES");
        Assert.Equal(["admin", "stats", "none"], rules.Select(row => row["console"]));
        foreach (var command in new[] { "SHOW CLIENTS", "SHOW SERVERS", "SHOW IDENTITIES", "SHOW USERS", "SHOW CONFIG" })
        {
            Assert.DoesNotContain(token, string.Concat(await console.QueryAsync(command)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_console_is_opened_by_a_rule_and_not_by_a_name()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var issuer = await TestIssuer.StartAsync();
        await using var proxy = await StartAsync(database, issuer);
        await using var stranger = await proxy.ConnectAsync();
        Assert.NotNull((await stranger.TryLoginAsync("boss", "pgbouncer", issuer.Token("boss").Groups("analysts").Build())).Error);
        await using var watcher = await proxy.LoginAsync("anyone", "pgbouncer", issuer.Token("eve").Groups("watchers").Build());
        Assert.Equal("42501", (await watcher.QueryAsync("RELOAD"))[0].SqlState);
        Assert.NotEmpty(await watcher.RowsAsync("SHOW POOLS"));
    }

    private static async Task<ProxyUnderTest> StartAsync(TestDatabase database, TestIssuer issuer)
    {
        var (role, login) = (database.Role("reader"), database.Role("login"));
        await database.ExecuteAsync($"create role {role} nologin; create role {login} login noinherit; grant {role} to {login}");
        return await ProxyUnderTest.StartAsync(place => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "jwt"
            token_without_tls = "loopback"
            pool_mode = "transaction"

            [issuers.corp]
            issuer = "{issuer.Issuer}"
            audience = "{issuer.Audience}"
            allow_http = true

            [[rules]]
            issuer = "corp"
            when.groups = "dba"
            console = "admin"

            [[rules]]
            issuer = "corp"
            when.groups = "watchers"
            console = "stats"

            [[rules]]
            issuer = "corp"
            when.groups = "analysts"
            role = "{role}"

            [databases.app]
            host = "{database.Cluster.Host}"
            port = {database.Cluster.Port}
            dbname = "{database.Name}"

            [databases.app.logins.{role}]
            user = "{login}"
            """);
    }
}
