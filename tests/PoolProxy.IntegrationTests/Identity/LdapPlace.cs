using System.Text.Json;
using PoolProxy.Testing;
using PoolProxy.Testing.Ldap;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>A proxy that asks directories, with a log and an audit trail to look into.</summary>
internal sealed class LdapPlace : IAsyncDisposable
{
    public const string BindPassword = "the-proxy-s-own-word";

    private LdapPlace(ProxyUnderTest proxy) => Proxy = proxy;

    public ProxyUnderTest Proxy { get; }

    /// <summary>Everybody whom the tests know.</summary>
    public static ScriptedEntry[] People { get; } =
    [
        new("cn=proxy,dc=example", BindPassword),
        new("uid=alice,ou=people,dc=example", "of-alice", ("uid", "alice"), ("mail", "alice@example.com")),
        new("uid=bob,ou=people,dc=example", "of-bob", ("uid", "bob")),
        new("uid=bob,ou=others,dc=example", "of-bob", ("uid", "bob")),
    ];

    /// <summary>Why logins were refused, or <c>granted</c>, in their order.</summary>
    public string[] Reasons =>
        !File.Exists(Proxy.Place.File("audit.log")) ? [] : [.. File.ReadAllLines(Proxy.Place.File("audit.log")).Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("event").GetString() == "login")
            .Select(line => line.TryGetProperty("reason", out var reason) ? reason.GetString() ?? "granted" : "granted")];

    public static string SearchAt(ScriptedDirectory directory, string more = "") =>
        $"ldapserver=127.0.0.1 ldapport={directory.Port} ldapbasedn=\"dc=example\" ldapbinddn=\"cn=proxy,dc=example\" ldapbindpasswd={BindPassword} {more}";

    /// <summary>Starts one; with <paramref name="hba"/> by its lines.</summary>
    public static async Task<LdapPlace> StartAsync(PoolScene scene, string options, string? hba = null, string limits = "") => new(await ProxyUnderTest.StartAsync(place =>
    {
        File.WriteAllText(place.File("hba.conf"), hba ?? "");
        return $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {place.Port}
            auth_type = "{(hba is null ? "ldap" : "hba")}"
            {(hba is null ? "" : "auth_hba_file = \"hba.conf\"")}
            auth_ldap_options = '''{options}'''
            admin_users = "alice"
            pool_mode = "transaction"
            logfile = "proxy.log"
            verbose = 2

            [audit]
            file = "{place.File("audit.log")}"

            [limits]
            {limits}

            [users.keeper]

            [databases.app]
            host = "127.0.0.1"
            port = {scene.Database.Cluster.Port}
            dbname = "{scene.Database.Name}"
            user = "postgres"
            """;
    }));

    /// <summary>Tries to log in; the code of the refusal, or null.</summary>
    public async Task<string?> CodeAsync(string user, string? password, string database = "app")
    {
        await using RawClient client = await Proxy.ConnectAsync();
        return (await client.TryLoginAsync(user, database, password)).Error?.SqlState;
    }

    public ValueTask DisposeAsync() => Proxy.DisposeAsync();
}
