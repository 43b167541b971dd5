using System.Text;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Servers;

/// <summary>How the proxy logs in to a server, by each method that PostgreSQL asks for, and what becomes of a login that fails.</summary>
public sealed class UpstreamLoginTests
{
    // Not as it is hashed: SASLprep makes a blank of the no-break space and IX of the numeral (RFC 4013 §2).
    private const string Password = "right-\u2168 pass\u00a0word";
    private const string Wrong = "wrong-pass-word";

    private static readonly string[] Methods = ["cleartext", "md5", "scram", "trust"];

    public static TheoryData<int, string, string> Ways
    {
        get
        {
            var rows = new TheoryData<int, string, string>();
            foreach (int major in AvailablePostgres.Found.Select(binaries => binaries.Major))
            {
                foreach (string method in Methods)
                {
                    rows.Add(major, method, "tcp");
                    rows.Add(major, method, "unix");
                }
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_right_password_logs_in(int major, string method, string transport)
    {
        await using TestDatabase database = await RolesAsync(major, method);
        await using ProxyUnderTest proxy = await StartAsync(database, method, transport, $"password = \"{Password}\"");
        await using RawClient client = await proxy.LoginAsync("anyone", "app");
        Assert.Equal(database.Role(method), await client.ScalarAsync("select session_user"));
        Assert.Equal(transport == "unix" ? null : "127.0.0.1", (await client.QueryAsync("select host(inet_client_addr())")).Rows().Single());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public Task A_wrong_password_is_08006_and_the_proxy_serves_others(int major, string method, string transport) =>
        IsRefusedAsync(major, method, transport, $"password = \"{Wrong}\"", "28P01 password authentication failed for user");

    [Theory]
    [MemberData(nameof(Ways))]
    public Task A_missing_password_is_08006_and_the_proxy_serves_others(int major, string method, string transport) =>
        IsRefusedAsync(major, method, transport, "", "the server asks for a password, and none is configured for login");

    [Theory]
    [InlineData("md5", true)]
    [InlineData("cleartext", true)]
    [InlineData("scram", true)]
    [InlineData("md5", false)]
    public async Task Without_a_password_of_its_own_a_login_has_the_one_of_auth_file(string method, bool isPlain)
    {
        await using TestDatabase database = await RolesAsync(AvailablePostgres.Found[^1].Major, method);
        string login = database.Role(method);
        // Stored as md5, it is all that an md5 login needs.
        string secret = isPlain ? Password : await database.QueryAsync<string>($"select rolpassword from pg_authid where rolname = '{login}'") ?? "";
        await using ProxyUnderTest proxy = await StartAsync(database, method, "tcp", "", place =>
        {
            File.WriteAllText(place.File("users.txt"), $"\"{login}\" \"{secret}\"\n");
            return "auth_file = \"users.txt\"";
        });
        await using RawClient client = await proxy.LoginAsync("anyone", "app");
        Assert.Equal(login, await client.ScalarAsync("select session_user"));
    }

    [Fact]
    public async Task A_password_that_is_put_right_by_RELOAD_lets_logins_in()
    {
        await using TestDatabase database = await RolesAsync(AvailablePostgres.Found[^1].Major, "scram");
        await using ProxyUnderTest proxy = await StartAsync(database, "scram", "tcp", $"password = \"{Wrong}\"");
        await using (RawClient early = await proxy.ConnectAsync())
        {
            Assert.Equal("08006", (await early.TryLoginAsync("anyone", "app")).Error?.SqlState);
        }
        File.WriteAllText(proxy.ConfigurationFile, File.ReadAllText(proxy.ConfigurationFile).Replace(Wrong, Password, StringComparison.Ordinal));
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await console.QueryAsync("RELOAD");
        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient client = await proxy.ConnectAsync();
            return (await client.TryLoginAsync("anyone", "app")).Error is null;
        });
    }

    private static async Task IsRefusedAsync(int major, string method, string transport, string passwordLine, string logged)
    {
        await using TestDatabase database = await RolesAsync(major, method);
        await using ProxyUnderTest proxy = await StartAsync(database, method, transport, passwordLine);
        await using RawClient client = await proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("anyone", "app");
        if (method == "trust")
        {
            // Nobody asks for a password, so none is wrong.
            Assert.Null(login.Error);
            return;
        }
        string error = login.Error!.ToString();
        Assert.Equal("08006 server login has been failing, try again later (server_login_retry)", $"{login.Error.SqlState} {login.Error.ErrorText}");
        Assert.Contains("H=\"The proxy's log holds the server's answer.\"", error, StringComparison.Ordinal);
        Assert.DoesNotContain(database.Role(method), error, StringComparison.Ordinal);
        Assert.Empty(await client.ReadToEndAsync());

        await using RawClient other = await proxy.LoginAsync("anyone", "trusted");
        Assert.Equal("1", await other.ScalarAsync("select 1"));
        await WaitFor.TrueAsync(() => Log(proxy).Contains(logged, StringComparison.Ordinal));
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        string shown = error + Log(proxy);
        foreach (string noun in (string[])["CONFIG", "DATABASES", "USERS", "POOLS", "CLIENTS", "SERVERS", "SOCKETS", "LISTS", "STATE"])
        {
            shown += string.Concat(await console.QueryAsync("SHOW " + noun));
        }
        Assert.DoesNotContain(Wrong, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(PasswordHash(Wrong, database.Role(method)), shown, StringComparison.Ordinal);
    }

    private static string PasswordHash(string password, string user) =>
        Encoding.ASCII.GetString(Md5Password.Store(Encoding.UTF8.GetBytes(password), Encoding.UTF8.GetBytes(user)));

    private static string Log(ProxyUnderTest proxy) => File.ReadAllText(proxy.Place.File("proxy.log"));

    private static async Task<TestDatabase> RolesAsync(int major, string method)
    {
        TestDatabase database = await TestDatabase.CreateAsync(PostgresWish.Exactly(major));
        string group = method == "trust" ? "" : $" in role test_{method}";
        await database.ExecuteAsync($"""
            set password_encryption = '{(method == "md5" ? "md5" : "scram-sha-256")}';
            create role {database.Role(method)} login password '{Password}'{group};
            """);
        return database;
    }

    private static Task<ProxyUnderTest> StartAsync(TestDatabase database, string method, string transport, string passwordLine, Func<ProxyPlace, string>? proxyLines = null) =>
        ProxyUnderTest.StartAsync(place => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "any"
            admin_users = "boss"
            pool_mode = "transaction"
            server_login_retry = "100ms"
            verbose = 2
            logfile = "proxy.log"
            {proxyLines?.Invoke(place)}

            [databases.app]
            host = "{(transport == "unix" ? database.Cluster.SocketFolder : database.Cluster.Host)}"
            port = {database.Cluster.Port}
            dbname = "{database.Name}"
            user = "{database.Role(method)}"
            {passwordLine}

            [databases.trusted]
            host = "127.0.0.1"
            port = {database.Cluster.Port}
            dbname = "{database.Name}"
            user = "postgres"
            """);
}
