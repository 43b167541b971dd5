using PoolProxy.Core;
using PoolProxy.Core.Frontend;
using PoolProxy.Sandbox;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>A login that is ended from outside while it waits for the pool's first server.</summary>
public sealed class EndedLoginTests
{
    [Fact]
    public async Task It_leaves_a_line_in_the_audit_trail()
    {
        await using var mute = ScriptedBackend.Start(async session => await session.ReadToEndAsync());
        using var folder = new TemporaryFolder();
        string audit = Path.Combine(folder.Path, "audit.log");
        string file = folder.Write("pool.toml", PoolScene.Text(
            LoopbackPorts.Take(), mute.Port, "x", proxy: "server_tls_sslmode = \"disable\"", rest: $"[audit]\nfile = \"{audit}\""));
        await using (ProxyServer proxy = await ProxyServer.StartAsync(file, isQuiet: true))
        {
            await using RawClient client = await RawClient.ConnectAsync(proxy.Port);
            await client.StartupAsync("a", "app");
            await WaitFor.TrueAsync(() => Task.FromResult(mute.Accepted == 1));
            await proxy.ShutdownAsync(ShutdownMode.Immediate);
            await client.ReadToEndAsync();
        }
        Assert.Contains("ended_from_outside", File.ReadAllLines(audit)[^1], StringComparison.Ordinal);
    }
}
