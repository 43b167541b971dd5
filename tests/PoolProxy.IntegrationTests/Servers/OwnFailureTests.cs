using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Servers;

/// <summary>What keeps one pool's servers from a host is held against the host, and so against every pool's logins there, only where it is the host's.</summary>
public sealed class OwnFailureTests(UpstreamTlsPlace place) : IClassFixture<UpstreamTlsPlace>
{
    [Theory]
    [InlineData("server_tls_ca_file = \"{0}\"\nserver_tls_sslmode = \"verify-full\"", "postgres")]
    [InlineData("server_tls_cert_file = \"{1}\"\nserver_tls_key_file = \"{2}\"\nserver_tls_sslmode = \"require\"", "certified")]
    [InlineData("server_tls_sslmode = \"require\"", "certified")]
    [InlineData("server_tls_sslmode = \"disable\"", "certified")]
    [InlineData("dbname = \"nowhere\"", "postgres")]
    [InlineData("password = \"wrong\"", "bound")]
    public async Task A_pool_that_fails_by_its_own_certificates_login_or_database_leaves_the_host_to_the_others(string own, string user)
    {
        PostgresCluster server = await place.ServerAsync(AvailablePostgres.Found[0].Major, "good");
        var strange = place.Stranger.Client("certified");
        string line = own.Replace("{0}", place.Stranger.AuthorityFile, StringComparison.Ordinal).Replace("{1}", strange.CertificateFile, StringComparison.Ordinal)
            .Replace("{2}", strange.KeyFile, StringComparison.Ordinal);
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(at => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {at.Port}
            auth_type = "any"
            admin_users = "boss"
            pool_mode = "transaction"
            query_wait_timeout = "500ms"

            [databases.failing]
            host = "127.0.0.1"
            port = {server.Port}
            target_session_attrs = "primary"
            user = "{user}"
            {line}

            [databases.serving]
            host = "127.0.0.1"
            port = {server.Port}
            dbname = "postgres"
            target_session_attrs = "primary"
            user = "postgres"
            """);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        for (int i = 0; i < 2; i++)
        {
            await using RawClient refused = await proxy.ConnectAsync();
            Assert.NotNull((await refused.TryLoginAsync("a", "failing")).Error);
        }

        Dictionary<string, string?> host = Assert.Single(await console.RowsAsync("SHOW HOSTS"));
        Assert.Equal(("unknown", "0", ""), (host["state"], host["failures"], host["last_failure"]));
        await using RawClient served = await proxy.LoginAsync("a", "serving");
        Assert.Equal("1", await served.ScalarAsync("select 1"));
        Assert.Equal("up", Assert.Single(await console.RowsAsync("SHOW HOSTS"))["state"]);
    }

    [Fact]
    public async Task A_host_that_is_away_for_one_pool_is_away_for_all()
    {
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(at => $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {at.Port}
            auth_type = "any"
            admin_users = "boss"
            query_wait_timeout = "500ms"

            [databases.app]
            host = "127.0.0.1"
            port = {Sandbox.LoopbackPorts.Take()}
            target_session_attrs = "primary"
            user = "postgres"
            """);
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await using RawClient refused = await proxy.ConnectAsync();
        Assert.NotNull((await refused.TryLoginAsync("a", "app")).Error);
        Assert.NotEqual("0", Assert.Single(await console.RowsAsync("SHOW HOSTS"))["failures"]);
    }
}
