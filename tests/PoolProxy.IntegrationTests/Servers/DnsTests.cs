using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Servers;

/// <summary>Servers by name: times to live, names without an address, and names whose addresses change.</summary>
public sealed class DnsTests : IAsyncLifetime
{
    private const string Host = "db.example.test";

    private readonly ScriptedDns _dns = ScriptedDns.Start();
    private PostgresCluster _cluster = null!;

    public async Task InitializeAsync() => _cluster = await PostgresCluster.StartAsync(new PostgresClusterOptions
    {
        HbaLines = ["local all all trust", "host all all 127.0.0.0/8 trust"],
        Settings = new Dictionary<string, string> { ["listen_addresses"] = "127.0.0.1,127.0.0.2" },
    });

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await _dns.DisposeAsync();
    }

    [Fact]
    public async Task An_address_that_a_name_has_lost_loses_its_servers_as_they_come_free()
    {
        _dns.Alias(Host, "one.example.test");
        _dns.Set("one.example.test", 0, "127.0.0.1");
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient holder = await proxy.LoginAsync("a", "app");
        await holder.QueryAsync("begin");
        Assert.Equal("127.0.0.1", await AddressAsync(holder));
        _dns.Set("one.example.test", 0, "127.0.0.2");

        // A second server is needed, and with it the name is looked up again.
        await using RawClient other = await proxy.LoginAsync("b", "app");
        Assert.Equal("127.0.0.2", await AddressAsync(other));
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW SERVERS")).Any(row => row["addr"] == "127.0.0.1" && row["close_needed"] == "1"));
        Assert.Equal("127.0.0.1", await AddressAsync(holder));
        await holder.QueryAsync("commit");
        Assert.Equal("127.0.0.2", await AddressAsync(holder));
        Assert.Equal(["127.0.0.2:0"], (await console.RowsAsync("SHOW DNS_HOSTS")).Select(row => row["addrs"]));
    }

    [Fact]
    public async Task A_zone_whose_serial_changes_has_its_names_looked_up_again()
    {
        _dns.Set(Host, 3600, "127.0.0.1");
        _dns.SetSerial("example.test", 7);
        await using ProxyUnderTest proxy = await StartAsync("dns_zone_check_period = \"100ms\"\ndns_max_ttl = 3600");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        Assert.Equal("127.0.0.1", await AddressAsync(client));
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW DNS_ZONES")) is [{ } zone] && zone["zonename"] == "example.test" && zone["serial"] == "7" && zone["count"] == "1");
        Assert.InRange(int.Parse((await console.RowsAsync("SHOW DNS_HOSTS"))[0]["ttl"]!, System.Globalization.CultureInfo.InvariantCulture), 3000, 3600);

        _dns.Set(Host, 3600, "127.0.0.2");
        _dns.SetSerial("example.test", 8);
        await WaitFor.TrueAsync(async () => (await console.RowsAsync("SHOW SERVERS")).Count == 0);
        Assert.Equal("127.0.0.2", await AddressAsync(client));
    }

    [Fact]
    public async Task That_a_name_has_no_address_is_remembered()
    {
        await using ProxyUnderTest proxy = await StartAsync("dns_nxdomain_ttl = 3600");
        for (int i = 0; i < 3; i++)
        {
            await using RawClient client = await proxy.ConnectAsync();
            Assert.Equal("08006", (await client.TryLoginAsync("a", "app")).Error?.SqlState);
        }

        Assert.Equal(1, _dns.AskedFor(Host));
    }

    [Fact]
    public async Task While_no_name_server_answers_what_was_known_goes_on_to_hold()
    {
        _dns.Set(Host, 0, "127.0.0.2");
        _dns.IsTruncating = true;
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient holder = await proxy.LoginAsync("a", "app");
        await holder.QueryAsync("begin");
        Assert.Equal("127.0.0.2", await AddressAsync(holder));
        _dns.IsSilent = true;
        await using RawClient other = await proxy.LoginAsync("b", "app");
        Assert.Equal("127.0.0.2", await AddressAsync(other));
    }

    private static Task<string?> AddressAsync(RawClient client) => client.ScalarAsync("select host(inet_server_addr())");

    private Task<ProxyUnderTest> StartAsync(string proxy = "") => ProxyUnderTest.StartAsync(place =>
    {
        File.WriteAllText(place.File("resolv.conf"), _dns.ResolvConf);
        return PoolScene.Text(place.Port, _cluster.Port, "postgres", size: 2, proxy: $"resolv_conf = \"resolv.conf\"\nadmin_users = \"boss\"\nserver_login_retry = \"20ms\"\n{proxy}")
            .Replace("host = \"127.0.0.1\"", $"host = \"{Host}\"", StringComparison.Ordinal);
    });
}
