using System.Net;
using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Change;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Naming;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Reloading;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core;

/// <summary>
/// The proxy, assembled: one loop, its listeners, pools and clients, the console and the trail. The only type that knows every room.
/// Everything here may be called from any thread; what belongs to the loop is posted to it.
/// </summary>
public sealed class ProxyServer : IAsyncDisposable, IConsoleControl
{
    private readonly string _path;
    private readonly ProxyLog _log;
    private readonly Func<ProxySettings, LogSettings> _logOf;
    private readonly ILogger _logger;
    private readonly Loop _loop;
    private readonly AuditTrail _audit;
    private readonly FrontendServices _services;
    private readonly List<Listener> _listeners = [];
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _reloading = new(1);
    private readonly ShutdownWatch _shutdown;
    private readonly Housekeeping _housekeeping;
    private readonly ConsoleHost _console;
    private TokenAuthenticator? _tokens;
    private ProxyConfiguration _configuration;
    private bool _isStarted;

    private ProxyServer(string path, LoadedConfiguration loaded, ProxyLog log, Func<ProxySettings, LogSettings> logOf)
    {
        _logOf = logOf;
        _path = path;
        _configuration = loaded.Configuration;
        _log = log;
        _logger = log.CreateLogger("poolproxy");
        var proxy = loaded.Configuration.Proxy;
        _loop = new Loop(0, TimeProvider.System, _logger);
        _audit = new AuditTrail(loaded.Configuration.Audit, TimeProvider.System, _logger);
        var registry = new ParameterRegistry();
        foreach (var name in proxy.TrackExtraParameters)
        {
            registry.Names.Find(name);
        }

        var resolver = new HostResolver(_loop);
        var opener = new ServerOpener(_loop, registry, resolver);
        var clients = new ClientRegistry();
        _services = new FrontendServices
        {
            Loop = _loop,
            Log = _logger,
            Relay = new RelayLoop(_loop, registry),
            Clients = clients,
            Routes = new RouteDirectory(new PoolDirectory(_loop, opener, _logger), registry, _logger),
            Identities = new IdentityRegistry(),
            Cancels = new CancelRouter(clients, opener, _logger),
            Audit = _audit,
        };
        _console = new ConsoleHost(_services, this, resolver);
        _services.Console = _console;
        _housekeeping = new Housekeeping(_services);
        _shutdown = new ShutdownWatch(_services, () => _stopped.TrySetResult());
    }

    /// <summary>The log, for what happens around the proxy.</summary>
    public ILogger Log => _logger;

    /// <summary>Where the process is to leave its number; empty for nowhere.</summary>
    public string PidFile => _configuration.Proxy.Pidfile;

    /// <summary>Completes when the proxy has stopped, for whatever reason.</summary>
    public Task Completion => _stopped.Task;

    /// <summary>The addresses it listens on, with the ports that were really taken.</summary>
    public IReadOnlyList<string> Addresses => _listeners.ConvertAll(listener => listener.Endpoint.ToString());

    /// <summary>The TCP port of the first listener; 0 where it listens on Unix sockets only.</summary>
    public int Port => _listeners.Find(listener => !listener.Endpoint.IsUnix)?.Endpoint.Address!.Port ?? 0;

    /// <summary>Reads the file and all that it names, and starts nothing. Answers the faults.</summary>
    public static IReadOnlyList<string> Check(string path)
    {
        var faults = new List<string>();
        ConfigurationLoader.Load(path, faults);
        return faults;
    }

    /// <summary>Reads the file, starts everything, and returns once it listens.</summary>
    /// <exception cref="ProxyFaultException">Nothing was started; every reason is in it.</exception>
    public static async Task<ProxyServer> StartAsync(string path, bool isQuiet = false, int? verbose = null)
    {
        var faults = new List<string>();
        var loaded = await Task.Run(() => ConfigurationLoader.Load(path, faults)) ?? throw new ProxyFaultException(faults, isBadFile: true);
        var proxy = loaded.Configuration.Proxy;
        LogSettings LogOf(ProxySettings settings) => new() { LogFile = settings.Logfile, IsQuiet = isQuiet, Verbose = verbose ?? settings.Verbose };
        var server = new ProxyServer(path, loaded, new ProxyLog(LogOf(proxy), TimeProvider.System), LogOf);
        try
        {
            await server.StartAsync(loaded);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads the file again and puts it in force, or changes nothing. Answers the faults; none means done.</summary>
    public async Task<IReadOnlyList<string>> ReloadAsync()
    {
        await _reloading.WaitAsync();
        try
        {
            var faults = new List<string>();
            var loaded = await Task.Run(() => ConfigurationLoader.Load(_path, faults));
            if (loaded is null)
            {
                _logger.ReloadRefused(_path, faults.Count);
                return faults;
            }

            var change = ConfigurationChange.Between(_configuration, loaded.Configuration);
            foreach (var setting in change.NeedsRestart)
            {
                _logger.SettingNeedsRestart(setting.ToString()!);
            }

            await OnLoopAsync(() => Apply(loaded, change));
            return [];
        }
        finally
        {
            _reloading.Release();
        }
    }

    /// <summary>PAUSE and RESUME of every database, as SIGUSR1 and SIGUSR2 ask for it.</summary>
    public Task PauseAsync(bool isPaused) => OnLoopAsync(() => PauseSwitch.Set(_services.Routes, null, isPaused));

    /// <summary>Begins to go down; <see cref="Completion"/> says when it has.</summary>
    public Task ShutdownAsync(ShutdownMode mode) => OnLoopAsync(() =>
    {
        foreach (var listener in _listeners)
        {
            listener.Stop();
        }

        _shutdown.Begin(mode);
    });

    /// <inheritdoc/>
    TokenAuthenticator? IConsoleControl.Tokens => _tokens;

    /// <inheritdoc/>
    async Task<ReloadOutcome> IConsoleControl.ReloadAsync() => new(await ReloadAsync());

    /// <inheritdoc/>
    void IConsoleControl.Shutdown(ShutdownMode mode) => _loop.Run(_ => ShutdownAsync(mode), null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isStarted)
        {
            await ShutdownAsync(ShutdownMode.Immediate);
            _loop.Stop();
        }

        _stopped.TrySetResult();
        _tokens?.Dispose();
        _loop.Dispose();
        _audit.Flush(TimeSpan.FromSeconds(2));
        _audit.Dispose();
        _log.Flush(TimeSpan.FromSeconds(2));
        _log.Dispose();
        _reloading.Dispose();
    }

    private async Task StartAsync(LoadedConfiguration loaded)
    {
        _loop.Start();
        _isStarted = true;
        await OnLoopAsync(() =>
        {
            Install(loaded);
            _services.Routes.Apply(loaded.Routes);
            _console.Start();
            Listen(loaded.Configuration.Proxy);
            _housekeeping.Start();
        });
        _logger.ProcessUp(
            typeof(ProxyServer).Assembly.GetName().Version!.ToString(3), _loop.EngineName, loaded.Tls is null ? "off" : "on", loaded.Configuration.Proxy.Threads);
    }

    private void Install(LoadedConfiguration loaded)
    {
        if (loaded.Tokens is { } policies)
        {
            if (_tokens is null)
            {
                _tokens = new TokenAuthenticator(policies, TimeProvider.System, _logger);
            }
            else
            {
                _tokens.Reload(policies);
            }
        }

        _services.Users = loaded.Users;
        _services.Tls = loaded.Tls;
        _services.Method = LoginMethods.For(loaded.Configuration, loaded.Users, _tokens, TimeProvider.System);
    }

    private void Apply(LoadedConfiguration loaded, ConfigurationChange change)
    {
        _configuration = change.Applied;
        Install(loaded);
        _log.Apply(_logOf(_configuration.Proxy));
        _audit.Apply(_configuration.Audit);
        _services.Routes.Apply(loaded.Routes);
        foreach (var client in _services.Clients.All.ToArray())
        {
            client.Reconfigure();
        }

        _logger.Reloaded(_path, change.IsEmpty ? "nothing" : string.Join(", ", change.Settings));
    }

    private void Listen(ProxySettings proxy)
    {
        var settings = new ListenerSettings
        {
            Backlog = proxy.ListenBacklog,
            DeferAccept = proxy.TcpDeferAccept,
            UnixMode = proxy.UnixSocketMode,
            Tuning = new SocketTuning
            {
                KeepAlive = proxy.TcpKeepalive,
                KeepCount = proxy.TcpKeepcnt,
                KeepIdle = proxy.TcpKeepidle,
                KeepInterval = proxy.TcpKeepintvl,
                UserTimeout = proxy.TcpUserTimeout,
                SocketBufferBytes = proxy.TcpSocketBuffer,
            },
        };
        foreach (var endpoint in Endpoints(proxy))
        {
            try
            {
                var listener = new Listener(_loop, ListeningSocket.Open(endpoint, settings), settings, [_loop], Accept, _logger);
                _listeners.Add(listener);
                listener.Start();
            }
            catch (ListenFailedException failure)
            {
                throw new ProxyFaultException([failure.Message], isBadFile: false);
            }
        }

        if (_listeners.Count == 0)
        {
            throw new ProxyFaultException(["nothing to listen on: set listen_addr or unix_socket_dir"], isBadFile: true);
        }
    }

    private static IEnumerable<SocketEndpoint> Endpoints(ProxySettings proxy)
    {
        foreach (var address in proxy.ListenAddr)
        {
            if (address == "*")
            {
                yield return SocketEndpoint.Tcp(IPAddress.IPv6Any, proxy.ListenPort);
            }
            else
            {
                foreach (var resolved in IPAddress.TryParse(address, out var literal) ? [literal] : Dns.GetHostAddresses(address))
                {
                    yield return SocketEndpoint.Tcp(resolved, proxy.ListenPort);
                }
            }
        }

        if (proxy.UnixSocketDir.Length > 0)
        {
            yield return SocketEndpoint.Unix($"{proxy.UnixSocketDir}/.s.PGSQL.{proxy.ListenPort}");
        }
    }

    private void Accept(Connection connection) =>
        _loop.Run(static state => ((ClientSession)state!).RunAsync(), new ClientSession(_services, connection));

    private Task OnLoopAsync(Action action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(
            static state =>
            {
                var (run, result) = ((Action, TaskCompletionSource))state!;
                try
                {
                    run();
                    result.SetResult();
                }
                catch (Exception failure)
                {
                    result.SetException(failure);
                }
            },
            (action, done));
        return done.Task;
    }
}
