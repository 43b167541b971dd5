using System.Diagnostics;
using System.Globalization;
using PoolProxy.ClientTests.Running;
using PoolProxy.ClientTests.Targets;
using PoolProxy.Sandbox;
using PoolProxy.Testing;

namespace PoolProxy.ClientTests.Consoles;

/// <summary>The <c>pgbouncer</c> of Debian's package, running on a port of its own until it is disposed; <c>boss</c> may do everything in its console.</summary>
internal sealed class DebianPgBouncer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/pgbouncer";

    private readonly Process _process;
    private readonly TemporaryFolder _folder;
    private readonly Task<string> _log;
    private readonly int _port;

    private DebianPgBouncer(Process process, TemporaryFolder folder, int port)
    {
        _process = process;
        _folder = folder;
        _port = port;
        _log = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it before one database, <c>app</c>, which nobody has to ask for.</summary>
    public static async Task<DebianPgBouncer> StartAsync()
    {
        if (!File.Exists(Program))
        {
            throw new ForeignProgramException($"{Program} is missing: install Debian's pgbouncer");
        }
        var folder = new TemporaryFolder();
        int port = LoopbackPorts.Take();
        string file = folder.Combine("pgbouncer.ini");
        await File.WriteAllTextAsync(file, $"""
            [databases]
            app = host=127.0.0.1 port=1
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port.ToString(CultureInfo.InvariantCulture)}
            unix_socket_dir =
            auth_type = any
            admin_users = boss
            """);
        // It refuses to run as root; nobody can read what everybody can.
        File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherRead);
        string[] arguments = Environment.IsPrivilegedProcess ? ["-u", "nobody", file] : [file];
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        SandboxEnvironment.ApplyTo(start);
        var started = new DebianPgBouncer(Process.Start(start)!, folder, port);
        try
        {
            await WaitFor.TrueAsync(started.IsListeningAsync);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Its console, for programs.</summary>
    public Target Console => new("127.0.0.1", _port, "boss", "", "pgbouncer", null);

    /// <summary>Its console, for <c>boss</c>.</summary>
    public async Task<RawClient> ConsoleAsync() => await (await RawClient.ConnectAsync(_port)).LoginAsync("boss", "pgbouncer");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await _process.WaitForExitAsync();
        await _log;
        _process.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> IsListeningAsync()
    {
        if (_process.HasExited)
        {
            throw new ForeignProgramException($"{Program} ended with {_process.ExitCode}: {await _log}");
        }
        try
        {
            await using RawClient client = await RawClient.ConnectAsync(_port);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
