using System.Net;
using PoolProxy.Core;
using PoolProxy.Core.Frontend;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Http;

/// <summary>The HTTP listener as part of a proxy.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Health_is_good_until_the_proxy_goes_down_and_the_listener_goes_with_it()
    {
        int port = LoopbackPorts.Take();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await using (Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { Sections = $"[http]\nlisten_port = {port}" }))
        {
            Assert.Equal("ok\n", await http.GetStringAsync("/health"));
            await using RawClient alice = await here.LoginAsync("alice");
            await here.Proxy.Server.ShutdownAsync(ShutdownMode.WaitForClients);
            await WaitFor.TrueAsync(async () => (await http.GetAsync("/health")).StatusCode == HttpStatusCode.ServiceUnavailable);
            Assert.Equal("of alice", await alice.ScalarAsync("select body from notes"));
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/health"));
    }

    [Fact]
    public async Task A_port_that_is_taken_keeps_the_proxy_from_starting()
    {
        int port = LoopbackPorts.Take();
        var options = new InstallationOptions { Sections = $"[http]\nlisten_port = {port}" };
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, options);
        ProxyFaultException fault = await Assert.ThrowsAsync<ProxyFaultException>(() => Installation.StartAsync(AvailablePostgres.Found[^1].Major, options));
        Assert.Contains("[http]", Assert.Single(fault.Faults));
    }

    [Fact]
    public async Task A_reload_says_that_the_listener_needs_a_restart()
    {
        int port = LoopbackPorts.Take();
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { Sections = $"[http]\nlisten_port = {port}" });
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace($"listen_port = {port}", $"listen_port = {port}\nmax_connections = 7", StringComparison.Ordinal)));
        await WaitFor.TrueAsync(() => here.Log.Contains("[http] max_connections: 100 -> 7 changes at the next start only", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Metrics_are_there_where_they_are_asked_for(bool isOn)
    {
        int port = LoopbackPorts.Take();
        await using Installation here = await Installation.StartAsync(
            AvailablePostgres.Found[^1].Major, new InstallationOptions { Sections = $"[http]\nlisten_port = {port}\nmetrics = {(isOn ? "true" : "false")}" });
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync("select 1");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using HttpResponseMessage answer = await http.GetAsync("/metrics");
        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(isOn ? HttpStatusCode.OK : HttpStatusCode.NotFound, answer.StatusCode);
        if (isOn)
        {
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType?.ToString());
            Assert.Contains("# TYPE poolproxy_logins_total counter\npoolproxy_logins_total{outcome=\"accepted\"} 1\npoolproxy_logins_total{outcome=\"refused\"} 0\n", text);
            Assert.Contains($"poolproxy_clients{{pool=\"{here.Database.Name}/{here.Login}\",state=\"active\"}} 1\n", text);
            Assert.Contains("# TYPE poolproxy_wait_oldest_seconds gauge\n", text);
            Assert.DoesNotContain("alice", text);
        }
    }
}
