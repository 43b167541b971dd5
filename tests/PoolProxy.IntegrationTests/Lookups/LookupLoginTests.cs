using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Lookups;

/// <summary>Logins of users that no file knows and auth_query finds, from the client's first byte to the server's own login.</summary>
public sealed class LookupLoginTests(AskedServer server) : IClassFixture<AskedServer>
{
    private const string Refused = "28P01 password authentication failed for user";

    // Everything that a name may hold and that would mean something in SQL, a format string or a file.
    private const string Odd = "o'd \"d\" \\' $1; -- %s {0} \u00fc\u2028";

    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Whoever_the_server_knows_logs_in_as_itself_and_nobody_else_does(int major)
    {
        var asked = new AskedServer(PostgresWish.Exactly(major));
        await asked.InitializeAsync();
        await using TestDatabase database = asked.Database;
        string anna = await asked.MakeAsync("anna");
        string mona = await asked.MakeAsync("mona", "md5");
        string odd = await asked.MakeAsync(Odd);
        string expired = await asked.MakeAsync("expired", more: "valid until 'yesterday'");
        string barred = await asked.MakeAsync("barred");
        await database.ExecuteAsync($"alter role {barred} nologin");
        await using ProxyUnderTest proxy = await asked.StartAsync(authType: "md5");
        foreach (string user in (string[])[anna, mona, odd])
        {
            // The second finds the pool, and servers in it, as the first left them.
            Assert.Equal(user, await AskedServer.WhoAsync(proxy, user, AskedServer.Password));
            Assert.Equal(user, await AskedServer.WhoAsync(proxy, user, AskedServer.Password));
            Assert.Equal($"{Refused} \"{user}\"", await AskedServer.TryAsync(proxy, user, "wrong-pass-word"));
        }

        foreach (string user in (string[])[expired, barred, "nobody_" + anna, odd + "'"])
        {
            Assert.Equal($"{Refused} \"{user}\"", await AskedServer.TryAsync(proxy, user, AskedServer.Password));
        }

        // Who asks may come as a client too, on servers of its own.
        Assert.Equal(asked.Asker, await AskedServer.WhoAsync(proxy, asked.Asker, AskedServer.AskersPassword));
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer", "boss");
        var pools = await console.RowsAsync("SHOW POOLS");
        Assert.Equal(
            new[] { anna, mona, odd, asked.Asker }.Order(StringComparer.Ordinal),
            pools.Where(pool => pool["database"] == "app").Select(pool => pool["user"]).Order(StringComparer.Ordinal));
        Assert.Equal("2", pools.Single(pool => pool["user"] == asked.Asker)["sv_idle"]);
        string shown = AskedServer.Log(proxy);
        foreach (string noun in (string[])["CONFIG", "DATABASES", "USERS", "POOLS", "CLIENTS", "SERVERS", "SOCKETS", "DENIALS", "STATE"])
        {
            shown += string.Concat(await console.QueryAsync("SHOW " + noun));
        }

        string[] secrets = [await asked.SecretOfAsync(anna), await asked.SecretOfAsync(mona), AskedServer.Password, AskedServer.AskersPassword];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("scram-sha-256")]
    [InlineData("plain")]
    public async Task Whom_auth_query_does_not_find_goes_through_the_exchange_of_whom_it_finds(string authType)
    {
        string anna = await server.MakeAsync("anna" + authType[0]);
        string expired = await server.MakeAsync("late" + authType[0], more: "valid until 'yesterday'");
        await using ProxyUnderTest proxy = await server.StartAsync(authType: authType);
        var shapes = new Dictionary<string, string>();
        foreach (string user in (string[])[anna, expired, new string('x', anna.Length)])
        {
            await using RawClient client = await proxy.ConnectAsync();
            RawLogin login = await client.TryLoginAsync(user, "app", "wrong-pass-word");
            Assert.Equal($"{Refused} \"{user}\"", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
            shapes.Add(user, string.Join(' ', login.Messages.Select(message => $"{message.Name}:{message.Bytes.Length}")));
        }

        Assert.Single(shapes.Values.Distinct());
        // In clear the password proves as much, and its keys open the server as well.
        Assert.Equal(anna, await AskedServer.WhoAsync(proxy, anna, AskedServer.Password));
    }

    [Fact]
    public async Task Each_login_asks_so_that_a_password_that_changes_and_a_role_that_goes_count_from_the_next_one_on()
    {
        string anna = await server.MakeAsync("changing");
        await using ProxyUnderTest proxy = await server.StartAsync();
        await using RawClient stays = await proxy.LoginAsync(anna, "app", AskedServer.Password);
        Assert.Equal(anna, await stays.ScalarAsync("select session_user"));
        await server.Database.ExecuteAsync($"alter role {anna} password 'another-pass-word'");
        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, AskedServer.Password), StringComparison.Ordinal);
        Assert.Equal(anna, await AskedServer.WhoAsync(proxy, anna, "another-pass-word"));

        // New servers are opened with what the last login has brought, for clients that came before it too.
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer", "boss");
        await console.QueryAsync("RECONNECT");
        Assert.Equal(anna, await stays.ScalarAsync("select session_user"));
        await server.Database.ExecuteAsync($"drop role {anna}");
        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, "another-pass-word"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_logins_at_once_share_few_servers_of_auth_user()
    {
        string anna = await server.MakeAsync("crowd");
        await using ProxyUnderTest proxy = await server.StartAsync(rest: $"[users.{server.Asker}]\npool_size = 1");
        string?[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => AskedServer.TryAsync(proxy, i % 4 == 0 ? $"nobody{i}" : anna, AskedServer.Password)));
        Assert.Equal(10, answers.Count(answer => answer is not null && answer.StartsWith(Refused, StringComparison.Ordinal)));
        Assert.Equal(30, answers.Count(answer => answer is null));
        Assert.Equal(1L, await server.Database.QueryAsync<long>($"select count(*) from pg_stat_activity where usename = '{server.Asker}'"));
    }

    [Fact]
    public async Task Nobody_can_put_a_name_in_the_way_of_auth_query()
    {
        string victim = await server.MakeAsync("victim");
        string forged = await server.MakeAsync("forger", password: "forged-pass-word");
        await server.Database.ExecuteAsync($"""
            create schema evil;
            create view evil.pg_authid as select '{victim}'::name as rolname, '{await server.SecretOfAsync(forged)}'::text as rolpassword, null::timestamptz as rolvaliduntil, true as rolcanlogin;
            create function evil.now() returns timestamptz language sql as 'select null::timestamptz';
            create function evil.same(name, name) returns bool language sql as 'select true';
            create operator evil.= (leftarg = name, rightarg = name, function = evil.same);
            grant usage on schema evil to public;
            grant select on evil.pg_authid to public;
            alter role {server.Asker} set search_path = evil, pg_catalog;
            """);
        try
        {
            await using ProxyUnderTest proxy = await server.StartAsync("track_extra_parameters = \"search_path\"\n" + $"auth_user = \"{server.Asker}\"");
            foreach (var (name, value) in ((string, string)[])[("search_path", "evil, pg_catalog"), ("options", "-c search_path=evil"), ("application_name", "x")])
            {
                await using RawClient client = await proxy.ConnectAsync();
                Assert.Equal("28P01", (await client.TryLoginAsync(victim, "app", "forged-pass-word", (name, value))).Error?.SqlState);
            }

            Assert.Equal(victim, await AskedServer.WhoAsync(proxy, victim, AskedServer.Password));
        }
        finally
        {
            await server.Database.ExecuteAsync($"alter role {server.Asker} reset search_path; drop schema evil cascade");
        }
    }

    [Fact]
    public async Task The_console_and_databases_that_there_are_not_are_asked_about_where_auth_dbname_says()
    {
        string anna = await server.MakeAsync("admin");
        await using ProxyUnderTest proxy = await server.StartAsync($"auth_user = \"{server.Asker}\"\nauth_dbname = \"app\"\nstats_users = \"{anna}\"");
        await using (RawClient console = await proxy.LoginAsync(anna, "pgbouncer", AskedServer.Password))
        {
            Assert.Contains(await console.RowsAsync("SHOW POOLS"), pool => pool["user"] == server.Asker);
        }

        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, "wrong-pass-word", "pgbouncer"), StringComparison.Ordinal);
        Assert.Equal("3D000 no such database: nowhere", await AskedServer.TryAsync(proxy, anna, AskedServer.Password, "nowhere"));
        Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, "wrong-pass-word", "nowhere"), StringComparison.Ordinal);
        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("auth_dbname", "#auth_dbname", StringComparison.Ordinal)));
        foreach (string database in (string[])["pgbouncer", "nowhere"])
        {
            Assert.StartsWith(Refused, await AskedServer.TryAsync(proxy, anna, AskedServer.Password, database), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Limits_of_a_user_that_auth_query_finds_are_those_of_its_section()
    {
        string anna = await server.MakeAsync("limited");
        await using ProxyUnderTest proxy = await server.StartAsync(rest: $"[users.{anna}]\nmax_user_client_connections = 1\npool_mode = \"session\"\npool_size = 3");
        await using RawClient one = await proxy.LoginAsync(anna, "app", AskedServer.Password);
        Assert.Equal("53300 client connections exceeded (max_user_client_connections)", await AskedServer.TryAsync(proxy, anna, AskedServer.Password));
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer", "boss");
        Assert.Equal("session", (await console.RowAsync("SHOW POOLS", "user", anna))["pool_mode"]);
        var user = await console.RowAsync("SHOW USERS", "name", anna);
        Assert.Equal(("3", "1", "1"), (user["pool_size"]?.Trim(), user["max_user_client_connections"], user["current_client_connections"]));
    }
}
