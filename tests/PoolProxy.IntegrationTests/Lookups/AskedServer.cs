using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Lookups;

/// <summary>
/// A database whose server asks its roles for passwords, by SCRAM or md5, and a role that may read them: proxies in front of it know that role and the console's
/// <c>boss</c> from auth_file, and everybody else by auth_query.
/// </summary>
public class AskedServer : IAsyncLifetime
{
    /// <summary>The password of whoever was made without another.</summary>
    public const string Password = "right-pass-word";

    /// <summary>The password of <see cref="Asker"/>.</summary>
    public const string AskersPassword = "askers-pass-word";

    private readonly PostgresWish _wish;

    /// <summary>On whichever PostgreSQL is found first.</summary>
    public AskedServer()
    {
    }

    internal AskedServer(PostgresWish wish) => _wish = wish;

    /// <summary>The database.</summary>
    public TestDatabase Database { get; private set; } = null!;

    /// <summary>auth_user.</summary>
    public string Asker => Database.Role("asker");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync(_wish);
        await Database.ExecuteAsync($"create role {Asker} login password '{AskersPassword}' in role test_scram; grant select on pg_authid to {Asker}");
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Database.DisposeAsync();

    /// <summary>Makes a role that the server asks by a method; the name is this database's own.</summary>
    public async Task<string> MakeAsync(string name, string method = "scram", string password = Password, string more = "")
    {
        string role = Database.Role(name);
        await Database.ExecuteAsync($"set password_encryption = '{(method == "md5" ? "md5" : "scram-sha-256")}'; create role {Quote(role)} login password '{password}' in role test_{method} {more}");
        return role;
    }

    /// <summary>A name in SQL.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What the server keeps of a role's password.</summary>
    public async Task<string> SecretOfAsync(string role) =>
        await Database.QueryAsync<string>($"select rolpassword from pg_authid where rolname = E'{role.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'") ?? "";

    /// <summary>A proxy with the database <c>app</c>.</summary>
    /// <param name="proxy">Further lines of [proxy].</param>
    /// <param name="database">Further lines of [databases.app].</param>
    /// <param name="authType">auth_type.</param>
    /// <param name="users">Further lines of auth_file.</param>
    /// <param name="rest">Whole sections behind them.</param>
    public Task<ProxyUnderTest> StartAsync(string? proxy = null, string database = "", string authType = "scram-sha-256", string users = "", string rest = "") =>
        ProxyUnderTest.StartAsync(place =>
        {
            File.WriteAllText(place.File("users.txt"), $"\"{Asker}\" \"{AskersPassword}\"\n\"boss\" \"boss\"\n{users}\n");
            return $"""
                [proxy]
                listen_addr = "127.0.0.1"
                listen_port = {place.Port}
                unix_socket_dir = ""
                auth_type = "{authType}"
                auth_file = "users.txt"
                admin_users = "boss"
                pool_mode = "transaction"
                server_login_retry = "100ms"
                verbose = 2
                logfile = "proxy.log"
                {proxy ?? $"auth_user = \"{Asker}\""}

                [databases.app]
                host = "127.0.0.1"
                port = {Database.Cluster.Port}
                dbname = "{Database.Name}"
                {database}
                {rest}
                """;
        });

    /// <summary>Tries to log in on a connection of its own: <c>null</c> for success, else SQLSTATE and text.</summary>
    public static async Task<string?> TryAsync(ProxyUnderTest proxy, string user, string? password, string database = "app")
    {
        await using RawClient client = await proxy.ConnectAsync();
        return (await client.TryLoginAsync(user, database, password)).Error is { } error ? $"{error.SqlState} {error.ErrorText}" : null;
    }

    /// <summary>Logs in and says who it is on the server.</summary>
    public static async Task<string?> WhoAsync(ProxyUnderTest proxy, string user, string password, string database = "app")
    {
        await using RawClient client = await proxy.LoginAsync(user, database, password);
        return await client.ScalarAsync("select session_user");
    }

    /// <summary>The proxy's log as it is now.</summary>
    public static string Log(ProxyUnderTest proxy) => File.ReadAllText(proxy.Place.File("proxy.log"));
}
