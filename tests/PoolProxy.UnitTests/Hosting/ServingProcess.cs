using System.Diagnostics;
using PoolProxy.Hosting;
using PoolProxy.Sandbox;
using PoolProxy.Testing;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>The program in a process of its own, with the smallest configuration or with lines of the test's own, as it is once it serves; ended with the instance.</summary>
internal sealed class ServingProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private ServingProcess(string settings, IEnumerable<(string Name, string Text)> files, IEnumerable<(string Name, string Value)> environment)
    {
        Port = LoopbackPorts.Take();
        foreach (var (name, text) in files)
        {
            _folder.Write(name, text);
        }

        string file = _folder.Write("pool.toml", $"""
            [proxy]
            listen_addr = "127.0.0.1"
            listen_port = {Port}
            unix_socket_dir = ""
            pidfile = "{PidFile}"
            {settings}
            """);
        var start = new ProcessStartInfo("dotnet", [typeof(PidFile).Assembly.Location, "-q", "-u", Environment.UserName, file]) { RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
    }

    public int Port { get; }

    private string PidFile => Path.Combine(_folder.Path, "proxy.pid");

    public static Task<ServingProcess> StartAsync() => StartAsync("auth_type = \"trust\"", [], []);

    /// <summary>With lines of its own below [proxy], files beside it, and an environment.</summary>
    public static async Task<ServingProcess> StartAsync(string settings, IEnumerable<(string Name, string Text)> files, IEnumerable<(string Name, string Value)> environment)
    {
        var proxy = new ServingProcess(settings, files, environment);
        await WaitFor.TrueAsync(() => File.Exists(proxy.PidFile) || proxy._process.HasExited);
        return proxy;
    }

    /// <summary>What the system says of the process in <c>/proc</c>, by the file's name there.</summary>
    public Task<string> ReadAsync(string name) => File.ReadAllTextAsync($"/proc/{_process.Id}/{name}");

    /// <summary>A file in its folder, as it is now.</summary>
    public string FileText(string name) => File.ReadAllText(_folder.Combine(name));

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
