using System.Diagnostics;
using PoolProxy.Hosting;
using PoolProxy.Sandbox;
using PoolProxy.Testing;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>The program in a process of its own, with the smallest configuration, as it is once it serves; ended with the instance.</summary>
internal sealed class ServingProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private ServingProcess()
    {
        string file = _folder.Write("pool.toml", $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {LoopbackPorts.Take()}
            unix_socket_dir = ""
            auth_type = "trust"
            pidfile = "{PidFile}"
            """);
        _process = Process.Start(new ProcessStartInfo("dotnet", [typeof(PidFile).Assembly.Location, "-q", "-u", Environment.UserName, file]) { RedirectStandardError = true })!;
    }

    private string PidFile => Path.Combine(_folder.Path, "proxy.pid");

    public static async Task<ServingProcess> StartAsync()
    {
        var proxy = new ServingProcess();
        await WaitFor.TrueAsync(() => File.Exists(proxy.PidFile) || proxy._process.HasExited);
        return proxy;
    }

    /// <summary>What the system says of the process in <c>/proc</c>, by the file's name there.</summary>
    public Task<string> ReadAsync(string name) => File.ReadAllTextAsync($"/proc/{_process.Id}/{name}");

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
