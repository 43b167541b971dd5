using PoolProxy.Core;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Transport;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Sandbox;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Reload;

/// <summary>RELOAD: the whole file comes into force, or nothing of it.</summary>
public sealed class ReloadTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_good_file_changes_what_running_clients_meet()
    {
        using var folder = new TemporaryFolder();
        int port = LoopbackPorts.Take();
        string file = folder.Write("pool.toml", Text(port, "server_idle_timeout = 600"));
        await using ProxyServer proxy = await ProxyServer.StartAsync(file, isQuiet: true);
        await using RawClient idler = await (await RawClient.ConnectAsync(port)).LoginAsync("a", "app");
        folder.Write("pool.toml", Text(port, "client_idle_timeout = \"100ms\""));
        Assert.Empty(await proxy.ReloadAsync());
        Assert.Equal("client_idle_timeout", (await idler.ReadToEndAsync()).ErrorText());
    }

    [Fact]
    public async Task A_file_with_a_fault_changes_nothing_and_says_where_it_is()
    {
        using var folder = new TemporaryFolder();
        int port = LoopbackPorts.Take();
        string file = folder.Write("pool.toml", Text(port, ""));
        await using ProxyServer proxy = await ProxyServer.StartAsync(file, isQuiet: true);
        await using RawClient client = await (await RawClient.ConnectAsync(port)).LoginAsync("a", "app");
        folder.Write("pool.toml", Text(port, "max_client_conn = 1\nclient_idle_timeout = \"1ms\"\nno_such_setting = 1"));
        string fault = Assert.Single(await proxy.ReloadAsync());
        Assert.Contains("no_such_setting", fault, StringComparison.Ordinal);
        Assert.Equal("1", await client.ScalarAsync("select 1"));
        await using RawClient second = await (await RawClient.ConnectAsync(port)).LoginAsync("a", "app");
        Assert.Equal("1", await second.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task The_listener_goes_by_the_tcp_settings_of_the_new_file()
    {
        using var folder = new TemporaryFolder();
        int port = LoopbackPorts.Take();
        string file = folder.Write("pool.toml", Text(port, "admin_users = \"boss\""));
        await using ProxyServer proxy = await ProxyServer.StartAsync(file, isQuiet: true);
        await using RawClient console = await (await RawClient.ConnectAsync(port)).LoginAsync("boss", "pgbouncer");

        // The proxy is in this process, and so is its listening socket.
        int descriptor = int.Parse(Assert.Single(await console.RowsAsync("SHOW FDS"))["fd"]!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(1, SocketOptions.Get(descriptor, Libc.IPPROTO_TCP, Libc.TCP_DEFER_ACCEPT));
        folder.Write("pool.toml", Text(port, "admin_users = \"boss\"\ntcp_defer_accept = false\ntcp_keepidle = 66"));
        Assert.Empty(await proxy.ReloadAsync());
        Assert.Equal((0, 66), (SocketOptions.Get(descriptor, Libc.IPPROTO_TCP, Libc.TCP_DEFER_ACCEPT), SocketOptions.Get(descriptor, Libc.IPPROTO_TCP, Libc.TCP_KEEPIDLE)));
        Assert.Equal("", (await console.QueryAsync("SET tcp_defer_accept = 1")).SqlState());
        Assert.Equal(1, SocketOptions.Get(descriptor, Libc.IPPROTO_TCP, Libc.TCP_DEFER_ACCEPT));
    }

    [Fact]
    public async Task A_larger_pool_serves_who_waits()
    {
        using var folder = new TemporaryFolder();
        int port = LoopbackPorts.Take();
        string file = folder.Write("pool.toml", Text(port, ""));
        await using ProxyServer proxy = await ProxyServer.StartAsync(file, isQuiet: true);
        await using RawClient holder = await (await RawClient.ConnectAsync(port)).LoginAsync("a", "app");
        await holder.QueryAsync("begin");
        await using RawClient waiter = await (await RawClient.ConnectAsync(port)).LoginAsync("a", "app");
        await waiter.SendQueryAsync("select 'served'");
        folder.Write("pool.toml", Text(port, "", size: 2));
        Assert.Empty(await proxy.ReloadAsync());
        Assert.Equal(["served"], (await waiter.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task A_cancel_goes_to_the_server_at_hand_wherever_the_pool_goes_now()
    {
        await using var before = ScriptedBackend.Start();
        await using var after = ScriptedBackend.Start();
        using var folder = new TemporaryFolder();
        int port = LoopbackPorts.Take();
        string file = folder.Write("pool.toml", PoolScene.Text(port, before.Port, "x", proxy: "server_tls_sslmode = \"disable\""));
        await using ProxyServer proxy = await ProxyServer.StartAsync(file, isQuiet: true);
        await using RawClient client = await RawClient.ConnectAsync(port);
        Task<RawClient> login = client.LoginAsync("a", "app");
        await using ScriptedSession server = await before.AcceptAsync();
        await server.LoginAsync(processId: 4711);
        await login;
        await client.SendQueryAsync("select 1");
        await server.ExpectAsync("Query");
        folder.Write("pool.toml", PoolScene.Text(port, after.Port, "x", proxy: "server_tls_sslmode = \"disable\""));
        Assert.Empty(await proxy.ReloadAsync());
        Task cancel = client.CancelAsync();
        await using (ScriptedSession cancelling = await before.AcceptAsync())
        {
            Assert.Equal([0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 0x12, 0x67, 1, 2, 3, 4], await cancelling.Stream.ReadBytesAsync(16));
        }
        await cancel;
        await server.SendAsync("""ErrorResponse S="ERROR" C="57014" M="canceled" """, "ReadyForQuery I");
        Assert.Equal("57014", (await client.ReadUntilAsync("ReadyForQuery")).SqlState());
    }

    [Fact]
    public async Task A_database_that_is_taken_out_ends_its_clients()
    {
        using var folder = new TemporaryFolder();
        int port = LoopbackPorts.Take();
        string file = folder.Write("pool.toml", Text(port, ""));
        await using ProxyServer proxy = await ProxyServer.StartAsync(file, isQuiet: true);
        await using RawClient client = await (await RawClient.ConnectAsync(port)).LoginAsync("a", "app");
        folder.Write("pool.toml", Text(port, "").Replace("[databases.app]", "[databases.other]", StringComparison.Ordinal));
        Assert.Empty(await proxy.ReloadAsync());
        Assert.Equal("57P01", (await client.ReadToEndAsync()).SqlState());
        await using RawClient late = await RawClient.ConnectAsync(port);
        Assert.Equal("3D000", (await late.TryLoginAsync("a", "app")).Error?.SqlState);
    }

    [Fact]
    public async Task A_paused_proxy_holds_clients_until_it_is_resumed()
    {
        using var folder = new TemporaryFolder();
        int port = LoopbackPorts.Take();
        string file = folder.Write("pool.toml", Text(port, ""));
        await using ProxyServer proxy = await ProxyServer.StartAsync(file, isQuiet: true);
        await using RawClient client = await (await RawClient.ConnectAsync(port)).LoginAsync("a", "app");
        await proxy.PauseAsync(true);
        await client.SendQueryAsync("select 'resumed'");
        await WaitFor.EqualAsync(0, () => scene.Database.QueryAsync<int>("select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name = 'reloaded'"));
        Assert.Equal(0, client.Stream.Socket.Available);
        await proxy.PauseAsync(false);
        Assert.Equal(["resumed"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
    }

    private string Text(int port, string lines, int size = 1) => PoolScene.Text(port, scene.Database.Cluster.Port, scene.Database.Name, size: size, proxy: lines);
}
