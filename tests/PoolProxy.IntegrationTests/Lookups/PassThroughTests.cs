using PoolProxy.Protocol.Authentication;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Lookups;

/// <summary>Servers that are logged in to by the keys of a client's own SCRAM login, where all that is stored is a verifier.</summary>
public sealed class PassThroughTests(AskedServer server) : IClassFixture<AskedServer>
{
    private const string Failing = "08006 server login has been failing, try again later (server_login_retry)";

    [Theory]
    [InlineData("scram-sha-256")]
    [InlineData("md5")]
    [InlineData("plain")]
    public async Task A_verifier_in_auth_file_that_is_the_servers_own_opens_servers_once_its_user_has_logged_in(string authType)
    {
        string role = await server.MakeAsync("filed" + authType[0]);
        string verifier = await server.SecretOfAsync(role);
        await using ProxyUnderTest proxy = await server.StartAsync("min_pool_size = 2", authType: authType, users: $"\"{role}\" \"{verifier}\"");
        Assert.Equal(role, await AskedServer.WhoAsync(proxy, role, AskedServer.Password));
        string log = AskedServer.Log(proxy);
        Assert.DoesNotContain("login failed", log, StringComparison.Ordinal);
        Assert.DoesNotContain(verifier.Split('$')[^1].Split(':')[0], log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_verifier_of_the_same_password_with_another_salt_lets_the_client_in_and_no_server_be_opened()
    {
        string role = await server.MakeAsync("salted");
        string verifier = ScramVerifier.FromPassword(System.Text.Encoding.UTF8.GetBytes(AskedServer.Password), "sixteen bytes of"u8).ToText();
        await using ProxyUnderTest proxy = await server.StartAsync("", users: $"\"{role}\" \"{verifier}\"");
        Assert.Equal(Failing, await AskedServer.TryAsync(proxy, role, AskedServer.Password));
        await WaitFor.TrueAsync(() => AskedServer.Log(proxy).Contains($"the server's SCRAM verifier of login \"{role}\" is not the one that the client logged in against", StringComparison.Ordinal));
        Assert.StartsWith("28P01", await AskedServer.TryAsync(proxy, role, "wrong-pass-word"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("trust", "scram", "the server asks for a password, and none is configured")]
    [InlineData("scram-sha-256", "cleartext", "of which only SCRAM keys are known")]
    public async Task What_is_not_known_of_a_password_is_said_in_the_log(string authType, string method, string logged)
    {
        string role = await server.MakeAsync("lacking" + authType[0], method);
        await using ProxyUnderTest proxy = await server.StartAsync("", authType: authType, users: $"\"{role}\" \"{await server.SecretOfAsync(role)}\"");
        Assert.Equal(Failing, await AskedServer.TryAsync(proxy, role, AskedServer.Password));
        await WaitFor.TrueAsync(() => AskedServer.Log(proxy).Contains(logged, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_that_RELOAD_puts_into_the_file_takes_the_place_of_keys_that_were_learned()
    {
        string role = await server.MakeAsync("moved");
        await using ProxyUnderTest proxy = await server.StartAsync("", users: $"\"{role}\" \"{await server.SecretOfAsync(role)}\"");
        await using RawClient stays = await proxy.LoginAsync(role, "app", AskedServer.Password);
        await server.Database.ExecuteAsync($"alter role {role} password 'another-pass-word'");
        await File.WriteAllTextAsync(proxy.Place.File("users.txt"), $"\"boss\" \"boss\"\n\"{role}\" \"another-pass-word\"\n");
        Assert.Empty(await proxy.Server.ReloadAsync());
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer", "boss");
        await console.QueryAsync("RECONNECT");
        Assert.Equal(role, await stays.ScalarAsync("select session_user"));
    }
}
