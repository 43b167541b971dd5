using System.Text;
using PoolProxy.Protocol.Authentication;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>
/// A proxy under one of PgBouncer's login methods whose users have their password, <see cref="Password"/>, in each form that there is: in
/// auth_file in plain, as md5 and as a SCRAM verifier, and in [users]. Names are equally long, so that answers can be compared.
/// </summary>
internal sealed class PasswordPlace : IAsyncDisposable
{
    /// <summary>Everybody's password.</summary>
    public const string Password = "the right one, \u00fc";

    /// <summary>The password of <c>roman</c>; prepared by SASLprep (RFC 4013 §2) it is <c>IX x</c>.</summary>
    public const string Unprepared = "\u2168\u00a0x";

    private static readonly byte[] Salt = Encoding.ASCII.GetBytes("sixteen bytes of");

    private PasswordPlace(ProxyUnderTest proxy) => Proxy = proxy;

    public ProxyUnderTest Proxy { get; }

    /// <summary>The proxy's log as it is now.</summary>
    public string Log => File.ReadAllText(Proxy.Place.File("proxy.log"));

    /// <summary>The audit trail as it is now.</summary>
    public string[] AuditLines => File.Exists(Proxy.Place.File("audit.log")) ? [.. File.ReadAllLines(Proxy.Place.File("audit.log")).Where(line => !line.Contains("\"event\":\"chain\"", StringComparison.Ordinal))] : [];

    /// <summary>What is written in the files: none of it may be seen elsewhere.</summary>
    public static IReadOnlyList<string> Secrets { get; } = [Password, Md5Of("md5er"), Verifier()];

    public static async Task<PasswordPlace> StartAsync(PoolScene scene, string authType) => new(await ProxyUnderTest.StartAsync(place =>
    {
        File.WriteAllText(place.File("users.txt"), $"""
            "plain" "{Password}"
            "md5er" "{Md5Of("md5er")}"
            "scram" "{Verifier()}"
            "empty" ""
            "roman" "{Unprepared}"
            """);
        return $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            unix_socket_dir = ""
            auth_type = "{authType}"
            auth_file = "users.txt"
            admin_users = "plain"
            pool_mode = "transaction"
            verbose = 2
            logfile = "proxy.log"

            [audit]
            file = "{place.File("audit.log")}"

            [users.filed]
            password = "{Password}"

            [databases.app]
            host = "127.0.0.1"
            port = {scene.Database.Cluster.Port}
            dbname = "{scene.Database.Name}"
            user = "postgres"
            """;
    }));

    /// <summary>Tries to log in on a connection of its own.</summary>
    public async Task<RawLogin> TryAsync(string user, string? password, string database = "app")
    {
        await using RawClient client = await Proxy.ConnectAsync();
        return await client.TryLoginAsync(user, database, password);
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();

    private static string Md5Of(string user) => Encoding.ASCII.GetString(Md5Password.Store(Encoding.UTF8.GetBytes(Password), Encoding.UTF8.GetBytes(user)));

    private static string Verifier() => ScramVerifier.FromPassword(Encoding.UTF8.GetBytes(Password), Salt).ToText();
}
