using PoolProxy.Configuration.Model;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Reloading;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core;

/// <summary>
/// How a proxy comes up: 1. its file is read, and all that it names; 2. with -R the proxy that runs is found and its listening sockets taken; 3. TCP sockets are
/// opened, rights given up, Unix sockets opened; 4. the log is opened and the loops run. Whatever fails leaves nothing behind, and the proxy that ran as it was.
/// </summary>
internal static class ProxyStart
{
    public static async Task<ProxyServer> RunAsync(string path, StartOptions options)
    {
        var faults = new List<string>();
        var loaded = await Task.Run(() => ConfigurationLoader.Load(path, faults)) ?? throw new ProxyFaultException(faults, isBadFile: true);
        var proxy = loaded.Configuration.Proxy;
        var notes = new List<string>();
        var hasRights = true;
        if (!options.TakesOver)
        {
            options.PidFileIsFree?.Invoke(proxy.Pidfile);
        }

        if (options.TakesOver || proxy.SoReuseport)
        {
            // The proxy that runs lets in nobody but its own account, and the kernel lets nobody else share its port (socket(7), SO_REUSEPORT).
            GiveUpRights();
        }

        using var predecessor = options.TakesOver ? await Task.Run(() => FindPredecessor(proxy, options, notes)) : null;
        var passed = predecessor is null ? options.Passed : new PassedSockets(await Task.Run(predecessor.TakeSockets), AreServiceManagers: false);
        var sockets = await Task.Run(() => ListeningAddresses.Open(proxy, passed, GiveUpRights, notes));
        ProxyServer? server = null;
        try
        {
            // As whom the loops will run: what root may, others may not.
            var engine = EngineChoice.For(proxy.IoEngine);
            if (proxy.IoEngine == IoEngine.Uring && engine.Obstacle is { } obstacle)
            {
                throw new ProxyFaultException([$"io_engine = \"io_uring\" is not possible here: {obstacle}"], isBadFile: false);
            }

            server = new ProxyServer(path, loaded, engine, new ProxyLog(LogOf(proxy), TimeProvider.System), LogOf);
            notes.ForEach(note => server.Log.StartNote(note));
            await server.StartAsync(loaded, sockets, passed.AreServiceManagers, predecessor);
            return server;
        }
        catch
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }

            // Those that the server had not begun to accept on.
            sockets.ForEach(socket => socket.Close(removesFile: !passed.Any));
            throw;
        }

        void GiveUpRights()
        {
            if (hasRights)
            {
                hasRights = false;
                options.Privileges?.Invoke(proxy.User);
            }
        }

        LogSettings LogOf(ProxySettings settings) => new()
        {
            LogFile = settings.Logfile,
            Syslog = settings.Syslog ? new SyslogSettings(settings.SyslogIdent, settings.SyslogFacility) : null,
            IsQuiet = options.IsQuiet,
            Verbose = options.Verbose ?? settings.Verbose,
        };
    }

    private static PredecessorProcess? FindPredecessor(ProxySettings proxy, StartOptions options, List<string> notes)
    {
        if (options.Passed.AreServiceManagers)
        {
            throw new ProxyFaultException(["cannot reboot under service manager: its sockets outlive the proxy, so that a restart loses nobody"], isBadFile: false);
        }

        var predecessor = PredecessorProcess.Find(proxy);
        if (predecessor is null)
        {
            notes.Add("old process not found, try to continue normally");
        }

        return predecessor;
    }
}
