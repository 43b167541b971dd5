using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Sandbox;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Hosting;

/// <summary>Cancels that come to another proxy than the one whose client they are for.</summary>
public sealed class PeerTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Theory]
    [InlineData(3 << 16, "")]
    [InlineData((3 << 16) | 2, "")]
    [InlineData(3 << 16, "threads = 2")]
    public async Task A_cancel_that_came_to_the_wrong_proxy_reaches_the_query(int version, string more)
    {
        await using var pair = await PairAsync(more);
        await using RawClient client = await RawClient.ConnectAsync(pair.One.Server.Port);
        await client.StartupAsync(version, [("user", "a"), ("database", "app")]);
        Assert.Null((await client.AnswerLoginAsync("a", null)).Error);
        await client.SendQueryAsync("select pg_sleep(60)");
        await SleepsAsync();
        await SendCancelAsync(pair.Two, client.ProcessId, client.SecretKey);
        Assert.Equal("57014", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());

        await using RawClient console = await ConsoleAsync(pair.Two);
        var pool = Assert.Single(await console.RowsAsync("SHOW PEER_POOLS"));
        Assert.Equal(["1", "0", "0", "0", "0"], pool.Values);
        Assert.Equal(["1", "2"], (await console.RowsAsync("SHOW PEERS")).Select(row => row["peer_id"]));
        Assert.Equal("2", (await console.RowAsync("SHOW LISTS", "list", "peers"))["items"]);
    }

    [Fact]
    public async Task Behind_one_port_every_cancel_reaches_its_query_wherever_it_comes_in()
    {
        int port = LoopbackPorts.Take();
        await using var pair = await PairAsync("so_reuseport = true", port);
        for (int turn = 0; turn < 12; turn++)
        {
            await using RawClient client = await (await RawClient.ConnectAsync(port)).LoginAsync("a", "app");
            await client.SendQueryAsync("select pg_sleep(60)");
            await SleepsAsync();
            await client.CancelAsync();
            Assert.Equal("57014", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
        }
    }

    [Fact]
    public async Task A_cancel_is_passed_on_three_times_at_most_and_to_known_peers_only()
    {
        await using var pair = await PairAsync("");
        await using RawClient client = await (await RawClient.ConnectAsync(pair.One.Server.Port)).LoginAsync("a", "app");
        await client.SendQueryAsync("select pg_sleep(0.5)");
        await SleepsAsync();
        byte[] used = [.. client.SecretKey];
        used[3] &= 0xFC;
        await SendCancelAsync(pair.Two, client.ProcessId, used);

        // A third one's.
        await SendCancelAsync(pair.Two, (client.ProcessId & ~0x00FF0000) | (3 << 16), client.SecretKey);
        byte[] wrong = [.. client.SecretKey];
        wrong[0] ^= 1;
        await SendCancelAsync(pair.Two, client.ProcessId, wrong);
        Assert.Equal("", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
    }

    [Fact]
    public async Task Its_own_cancels_still_arrive_however_often_they_were_passed_on()
    {
        await using var pair = await PairAsync("");
        await using RawClient client = await (await RawClient.ConnectAsync(pair.One.Server.Port)).LoginAsync("a", "app");
        Assert.Equal(1, (client.ProcessId >> 16) & 0xFF);
        await client.SendQueryAsync("select pg_sleep(60)");
        await SleepsAsync();
        byte[] used = [.. client.SecretKey];
        used[3] &= 0xFC;
        await SendCancelAsync(pair.One, client.ProcessId, used);
        Assert.Equal("57014", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
    }

    [Fact]
    public async Task A_peer_that_is_not_there_costs_the_cancel_and_nothing_else()
    {
        await using var pair = await PairAsync("cancel_wait_timeout = 1");
        await using RawClient client = await (await RawClient.ConnectAsync(pair.One.Server.Port)).LoginAsync("a", "app");
        await pair.One.Server.DisposeAsync();
        await SendCancelAsync(pair.Two, client.ProcessId, client.SecretKey);
        await using RawClient other = await (await RawClient.ConnectAsync(pair.Two.Server.Port)).LoginAsync("a", "app");
        Assert.Equal("1", await other.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task A_peer_whose_name_no_name_server_knows_in_time_costs_the_cancel_and_not_as_long_as_the_lookup_takes()
    {
        await using ScriptedDns dns = ScriptedDns.Start();
        dns.IsSilent = true;
        using var folder = new TemporaryFolder();
        string resolvConf = folder.Write("resolv.conf", $"nameserver [127.0.0.1]:{dns.Port}\noptions timeout:30 attempts:3\n");
        string settings = $"peer_id = 2\ncancel_wait_timeout = \"100ms\"\nresolv_conf = \"{resolvConf}\"\nadmin_users = \"boss\"";
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(
            place.Port, scene.Database.Cluster.Port, scene.Database.Name, size: 2, proxy: settings, rest: "[peers.1]\nhost = \"peer.example.test\"\nport = 6432"));
        await using RawClient console = await ConsoleAsync(proxy);
        await SendCancelAsync(proxy, 1 << 16, [1, 2, 3, 0xFF]);

        // It is still being looked up.
        Assert.Equal("1", (await console.RowAsync("SHOW LISTS", "list", "dns_queries"))["items"]);
        Assert.Equal(["1", "0", "0", "0", "0"], Assert.Single(await console.RowsAsync("SHOW PEER_POOLS")).Values);
    }

    private Task SleepsAsync() => WaitFor.TrueAsync(async () =>
        await scene.Database.QueryAsync<int>("select count(*)::int from pg_stat_activity where state = 'active' and query like 'select pg_sleep%' and datname = current_database() and pid <> pg_backend_pid()") == 1);

    private async Task<Pair> PairAsync(string more, int? port = null)
    {
        var folder = new TemporaryFolder();
        int[] ports = [port ?? LoopbackPorts.Take(), port ?? LoopbackPorts.Take()];
        string peers = string.Join('\n', new[] { 1, 2 }.Select(id => $"[peers.{id}]\nhost = \"{folder.Path}/{id}\"\nport = {ports[id - 1]}"));
        var proxies = new List<ProxyUnderTest>();
        foreach (int id in new[] { 1, 2 })
        {
            string socket = Directory.CreateDirectory($"{folder.Path}/{id}").FullName;
            string settings = $"peer_id = {id}\nunix_socket_dir = \"{socket}\"\nadmin_users = \"boss\"\n{more}";
            proxies.Add(await ProxyUnderTest.StartAsync(
                _ => PoolScene.Text(ports[id - 1], scene.Database.Cluster.Port, scene.Database.Name, size: 2, proxy: settings, rest: peers)));
        }

        return new Pair(proxies[0], proxies[1], folder);
    }

    private static async Task<RawClient> ConsoleAsync(ProxyUnderTest proxy) => await (await RawClient.ConnectAsync(proxy.Server.Port)).LoginAsync("boss", "pgbouncer");

    private static async Task SendCancelAsync(ProxyUnderTest proxy, int processId, byte[] key)
    {
        await using RawClient canceller = await RawClient.ConnectAsync(proxy.Server.Port);
        await canceller.Stream.WriteAsync(StartupPackets.CancelRequest(processId, key));
        await canceller.Stream.ReadToEndAsync();
    }

    private sealed record Pair(ProxyUnderTest One, ProxyUnderTest Two, TemporaryFolder Folder) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await One.DisposeAsync();
            await Two.DisposeAsync();
            Folder.Dispose();
        }
    }
}
