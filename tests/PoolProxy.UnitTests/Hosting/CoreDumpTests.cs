using System.Diagnostics;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Hosting;
using PoolProxy.Sandbox;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Hosting;

public sealed class CoreDumpTests
{
    [Fact]
    public void A_process_that_turned_them_off_cannot_be_dumped()
    {
        Assert.Equal(0, CoreDumps.TurnOff());
        Assert.False(CoreDumps.IsAllowed);
        Assert.Matches(@"Max core file size\s+0\s+0\s", File.ReadAllText("/proc/self/limits"));
    }

    [Fact]
    public async Task The_program_turns_them_off()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("pool.toml", $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {LoopbackPorts.Take()}
            unix_socket_dir = ""
            auth_type = "trust"
            pidfile = "{folder.Path}/proxy.pid"
            """);
        var start = new ProcessStartInfo("dotnet", [typeof(PidFile).Assembly.Location, "-q", file]) { RedirectStandardError = true };
        using Process proxy = Process.Start(start)!;
        try
        {
            await WaitFor.TrueAsync(() => File.Exists(Path.Combine(folder.Path, "proxy.pid")) || proxy.HasExited);
            Assert.Matches(@"Max core file size\s+0\s+0\s", await File.ReadAllTextAsync($"/proc/{proxy.Id}/limits"));
        }
        finally
        {
            proxy.Kill();
            await proxy.WaitForExitAsync();
        }
    }
}
