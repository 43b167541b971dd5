using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity.Rules;

/// <summary>What rules give besides a role, through real servers, and what they ask besides claims.</summary>
public sealed class RuleResultTests
{
    public static TheoryData<int> Majors => [.. AvailablePostgres.Found.Select(found => found.Major).Distinct()];

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_search_path_is_the_identitys_own_on_a_shared_server(int major)
    {
        await using Installation here = await StartAsync(major, group => $"when.tenant = \"{group}\"\nsearch_path = \"tenant_{group}, public\"");
        await here.Database.ExecuteAsync($"""
            create schema tenant_a; create schema tenant_b;
            create table tenant_a.things (name text); create table tenant_b.things (name text);
            insert into tenant_a.things values ('of a'); insert into tenant_b.things values ('of b');
            grant usage on schema tenant_a, tenant_b to {here.Readers}; grant select on tenant_a.things, tenant_b.things to {here.Readers};
            """);
        await using RawClient a = await here.LoginAsync("alice", here.Reader("alice").Claim("tenant", "a"));
        await using RawClient b = await here.LoginAsync("bob", here.Reader("bob").Claim("tenant", "b"));
        await using RawClient nobody = await here.LoginAsync("alice", here.Reader("alice"));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal("of a", await a.ScalarAsync("select name from things"));
            Assert.Equal("of b", await b.ScalarAsync("select name from things"));
            Assert.Equal("42P01", await nobody.SaysAsync("select name from things"));
        }

        // A statement of the same text is prepared for each of them.
        Assert.Equal("of a", await PreparedAsync(a));
        Assert.Equal("of b", await PreparedAsync(b));
        Assert.Equal("of a", await PreparedAsync(a));
        await a.QueryAsync("set search_path = tenant_b");
        await a.QueryAsync("reset search_path");
        Assert.Equal("of a", await a.ScalarAsync("select name from things"));
        await a.QueryAsync("discard all");
        Assert.Equal("of a", await a.ScalarAsync("select name from things"));
    }

    [Fact]
    public async Task A_rules_search_path_stands_above_what_the_client_asks_for_at_its_start()
    {
        await using Installation here = await StartAsync(AvailablePostgres.Found[^1].Major, group => $"when.tenant = \"{group}\"\nsearch_path = \"tenant_{group}\"");
        await using RawClient client = await here.LoginAsync("alice", here.Reader("alice").Claim("tenant", "a"), ("search_path", "elsewhere"));
        Assert.Equal("tenant_a", await client.ScalarAsync("show search_path"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_read_only_identity_begins_every_transaction_so_and_is_refused_the_visible_ways_out(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions
        {
            Rules = database => $"[[rules]]\nissuer = \"corp\"\nwhen.groups = \"auditors\"\nrole = \"{database.Role("writers")}\"\nread_only = true",
        });
        await using RawClient auditor = await here.LoginAsync("alice", here.Issuer.Token("alice").Groups("auditors"));
        await using RawClient writer = await here.LoginAsync("alice", here.Writer("alice"));
        Assert.Equal("25006", await auditor.SaysAsync("insert into notes (owner, body) values ('alice', 'x')"));
        foreach (string sql in (string[])
        [
            "begin read write", "start transaction isolation level serializable, READ WRITE", "set transaction read write", "set session characteristics as transaction read write",
            "set default_transaction_read_only = off", "set local transaction_read_only to off", "reset default_transaction_read_only",
            "select set_config('transaction_read_only', 'off', false)", "select set_config('default_' || 'transaction_read_only', 'off', false)",
            "begin; set transaction_read_only = off; insert into notes (owner, body) values ('alice', 'x'); commit",
            "update pg_settings set setting = 'off' where name = 'default_transaction_read_only'",
        ])
        {
            Assert.Equal("25006 the identity may only read", await RefusedAsync(auditor, sql, isExtended: false));
            if (!sql.Contains(';', StringComparison.Ordinal))
            {
                Assert.Equal("25006 the identity may only read", await RefusedAsync(auditor, sql, isExtended: true));
            }
        }

        // What is not seen lasts no longer than its transaction.
        await auditor.QueryAsync("do $$ begin perform set_config('default_transaction_read_only', 'off', false); end $$");
        Assert.Equal("25006", await auditor.SaysAsync("insert into notes (owner, body) values ('alice', 'x')"));
        await auditor.QueryAsync("discard all");
        Assert.Equal("on", await auditor.ScalarAsync("show transaction_read_only"));
        await auditor.QueryAsync("reset all");
        Assert.Equal("on", await auditor.ScalarAsync("show transaction_read_only"));
        Assert.Equal("of alice", await auditor.ScalarAsync("select body from notes"));

        // The same server serves the same role, which may write.
        Assert.Equal("off", await writer.ScalarAsync("show transaction_read_only"));
        await writer.DoAsync("insert into notes (owner, body) values ('alice', 'y')");
        Assert.Equal("on", await auditor.ScalarAsync("show transaction_read_only"));
        if (auditor.Parameters.ContainsKey("default_transaction_read_only"))
        {
            Assert.Equal(("on", "off"), (auditor.Parameters["default_transaction_read_only"], writer.Parameters["default_transaction_read_only"]));
        }
    }

    [Fact]
    public async Task A_route_takes_whoever_asks_for_a_name_to_the_servers_of_its_tenant()
    {
        await using TestDatabase there = await TestDatabase.CreateAsync(PostgresWish.Exactly(AvailablePostgres.Found[^1].Major));
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            Rules = database => $"""
                [[rules]]
                issuer = "corp"
                when.region = "eu"
                database = "shop"
                role = "{database.Role("readers")}"
                route = "{database.Name}"

                [[rules]]
                issuer = "corp"
                when.region = "us"
                database = "shop"
                role = "{there.Role("other")}"
                route = "us"

                [databases.us]
                host = "127.0.0.1"
                port = {there.Cluster.Port}
                dbname = "{there.Name}"

                [databases.us.logins.{there.Role("other")}]
                user = "{there.Role("login")}"
                """,
        });
        await there.ExecuteAsync($"create role {there.Role("other")}; create role {there.Role("login")} login noinherit; grant {there.Role("other")} to {there.Role("login")}{(there.Cluster.Binaries.Major >= 16 ? " with inherit false" : "")}");
        await using RawClient eu = await here.Proxy.LoginAsync("alice", "shop", here.Reader("alice").Claim("region", "eu").Build());
        await using RawClient us = await here.Proxy.LoginAsync("bob", "shop", here.Reader("bob").Claim("region", "us").Build());
        Assert.Equal(here.Database.Name, await eu.ScalarAsync("select current_database()"));
        Assert.Equal(there.Name, await us.ScalarAsync("select current_database()"));
        await using RawClient nobody = await here.Proxy.ConnectAsync();
        Assert.Equal("3D000", (await nobody.TryLoginAsync("carol", "shop", here.Reader("carol").Build())).Error?.SqlState);
    }

    [Fact]
    public async Task A_rule_may_ask_where_a_client_comes_from_and_how_old_its_proof_is()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            Rules = database => string.Concat(new[] { ("elsewhere", "from = [\"192.0.2.0/24\", \"::/0\"]"), ("here", "from = \"127.0.0.0/8\""), ("fresh", "max_auth_age = \"5m\"") }
                .Select(rule => $"[[rules]]\nissuer = \"corp\"\nwhen.groups = \"{rule.Item1}\"\nrole = \"{database.Role("readers")}\"\n{rule.Item2}\n\n")),
        });
        TokenBuilder Of(string group) => here.Issuer.Token("alice").Groups(group);
        Assert.Equal("28000", (await here.TryLoginAsync("alice", Of("elsewhere"))).Error?.SqlState);
        Assert.Null((await here.TryLoginAsync("alice", Of("here"))).Error);
        Assert.Equal("28000", (await here.TryLoginAsync("alice", Of("fresh"))).Error?.SqlState);
        Assert.Equal("28000", (await here.TryLoginAsync("alice", Of("fresh").Claim("auth_time", DateTimeOffset.UtcNow.AddMinutes(-6).ToUnixTimeSeconds()))).Error?.SqlState);
        Assert.Null((await here.TryLoginAsync("alice", Of("fresh").Claim("auth_time", DateTimeOffset.UtcNow.AddMinutes(-4).ToUnixTimeSeconds()))).Error);
    }

    private static Task<Installation> StartAsync(int major, Func<string, string> lines) => Installation.StartAsync(major, new InstallationOptions
    {
        Rules = database => string.Concat(new[] { "a", "b" }.Select(tenant => $"[[rules]]\nissuer = \"corp\"\nrole = \"{database.Role("readers")}\"\n{lines(tenant)}\n\n")),
    });

    private static async Task<string?> PreparedAsync(RawClient client)
    {
        IReadOnlyList<Testing.Wire.WireMessage> answers =
            await client.Parse("", "select name from things").Bind("", "").Execute("").Sync().RoundTripAsync();
        return answers.Rows().SingleOrDefault();
    }

    private static async Task<string> RefusedAsync(RawClient client, string sql, bool isExtended)
    {
        IReadOnlyList<Testing.Wire.WireMessage> answers = isExtended ? await client.Parse("", sql).Bind("", "").Execute("").Sync().RoundTripAsync() : await client.QueryAsync(sql);
        return $"{answers.SqlState()} {answers.ErrorText()}";
    }
}
