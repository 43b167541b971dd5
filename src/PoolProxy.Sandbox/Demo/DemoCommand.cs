using System.Runtime.InteropServices;

namespace PoolProxy.Sandbox.Demo;

/// <summary>The command <c>poolproxy demo</c>, all but the proxy itself.</summary>
public static class DemoCommand
{
    /// <summary>
    /// Builds the world, starts the proxy, and either tells the story (<paramref name="once"/>) or prints lines to paste and stays until Ctrl-C,
    /// SIGTERM or SIGHUP. Whatever it started has ended when it returns.
    /// </summary>
    /// <param name="once">Tell the story and return.</param>
    /// <param name="startProxy">Starts the proxy from a pool.toml; returns when it listens.</param>
    /// <param name="output">Where everything is printed.</param>
    /// <param name="options">The world; its own defaults where null.</param>
    /// <returns>0, or 1 when the demo could not be built or the story failed; the reasons were printed.</returns>
    public static async Task<int> RunAsync(bool once, Func<string, Task<IAsyncDisposable>> startProxy, TextWriter output, DemoOptions? options = null)
    {
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        // The tokens of a demo that stays up should last an evening.
        options ??= new DemoOptions { TokenLife = once ? TimeSpan.FromHours(1) : TimeSpan.FromHours(12) };
        try
        {
            await using DemoWorld world = await DemoWorld.StartAsync(options, stop.Token);
            await output.WriteLineAsync($"PostgreSQL {world.Cluster.Binaries.Version} ({world.Cluster.Binaries.Folder}) on port {world.Cluster.Port}");
            await output.WriteLineAsync($"issuer {world.Issuer.Issuer}");
            await using IAsyncDisposable proxy = await startProxy(world.ConfigurationFile);
            await output.WriteLineAsync($"proxy on 127.0.0.1:{world.Scene.Port}, configured by {world.ConfigurationFile}");
            return once ? await TellAsync(world.Scene, output, stop.Token) : await StayAsync(world.Scene, output, stop.Token);
        }
        catch (SandboxException error)
        {
            await output.WriteLineAsync("poolproxy demo: " + error.Message);
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return once ? 1 : 0;
        }

        void Stop(PosixSignalContext signal)
        {
            // The default would end the process before anything is taken down in order.
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<int> TellAsync(DemoScene scene, TextWriter output, CancellationToken cancellation)
    {
        IReadOnlyList<string> failures = await new DemoStory(scene, output).RunAsync(cancellation);
        await output.WriteLineAsync(failures.Count == 0 ? "\nthe demo went well" : $"\nthe demo failed ({failures.Count}):");
        foreach (string failure in failures)
        {
            await output.WriteLineAsync("  - " + failure);
        }
        return failures.Count == 0 ? 0 : 1;
    }

    private static async Task<int> StayAsync(DemoScene scene, TextWriter output, CancellationToken cancellation)
    {
        await output.WriteLineAsync($"""

            Two people share one server connection, and each sees only their own rows. Paste into another terminal:

            # alice
            {PsqlLine(scene, scene.Alice, scene.Database)} -c 'select * from documents'

            # bob
            {PsqlLine(scene, scene.Bob, scene.Database)} -c 'select * from documents'

            # carol, on the console
            {PsqlLine(scene, scene.Carol, scene.ConsoleDatabase)} -c 'SHOW POOLS'

            Without -c each line opens a session. The audit trail is {scene.AuditFile}.
            Ctrl-C ends the demo and removes everything.
            """);
        await output.FlushAsync(cancellation);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync("stopping");
        }
        return 0;
    }

    /// <summary>A line for a POSIX shell: the token is base64url and dots, and nothing in it needs quoting.</summary>
    private static string PsqlLine(DemoScene scene, DemoPerson person, string database) =>
        $"PGPASSWORD={person.Token} psql \"host={scene.Host} port={scene.Port} dbname={database} user={person.Name} sslmode=verify-full sslrootcert={scene.AuthorityFile}\"";
}
