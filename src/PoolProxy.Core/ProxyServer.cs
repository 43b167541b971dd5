using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Change;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin;
using PoolProxy.Core.Admin.Statistics;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Limits;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Naming;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Reloading;
using PoolProxy.Core.Telemetry;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core;

/// <summary>
/// The proxy, assembled: its loops, listeners, the console and the trail. With <see cref="ProxyLoop"/> it knows every room.
/// Everything here may be called from any thread; what belongs to a loop is posted to it.
/// </summary>
public sealed class ProxyServer : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly string _path;
    private readonly Reloader _reloader;
    private readonly ProxyLog _log;
    private readonly Func<ProxySettings, LogSettings> _logOf;
    private readonly ILogger _logger;
    private readonly AuditTrail _audit;
    private readonly SharedServices _shared;
    private readonly ProxyLoop[] _loops;
    private readonly ProxyListeners _listeners;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ShutdownWatch _shutdown;
    private readonly Housekeeping _housekeeping;
    private readonly IdlePools _idlePools;
    private readonly StatsSampler _stats;
    private readonly ProxyMeters _meters = new();
    private readonly ProxyHttp _http;
    private readonly ProxyJudgement _judgement;
    private ProxyConfiguration _configuration;
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isStarted;
    private int _disposals;

    internal ProxyServer(string path, LoadedConfiguration loaded, EngineChoice engine, ProxyLog log, Func<ProxySettings, LogSettings> logOf)
    {
        _logOf = logOf;
        _path = path;
        _configuration = loaded.Configuration;
        _log = log;
        _logger = log.CreateLogger("poolproxy");
        var proxy = loaded.Configuration.Proxy;
        if (proxy.IoEngine == IoEngine.Auto && engine.Obstacle is { } obstacle)
        {
            _logger.UringUnavailable(obstacle);
        }

        _audit = new AuditTrail(loaded.Configuration.Audit, TimeProvider.System, _logger, key: loaded.AuditKey);
        var registry = new ParameterRegistry(isShared: proxy.Threads > 1);
        foreach (var name in proxy.TrackExtraParameters)
        {
            registry.Names.Find(name);
        }

        var resolver = new HostResolver(TimeProvider.System);
        _shared = new SharedServices
        {
            Log = _logger,
            Audit = _audit,
            Parameters = registry,
            Resolver = resolver,
            Peers = new PeerForwarding(resolver),
            PeerId = proxy.PeerId,
            Pools = new PoolStates(proxy.Threads),
            Guard = new LoginGuard(TimeProvider.System, _logger),
            Outside = new OutsideProofs(_logger),
        };
        _shared.Resolver.Changed = _shared.Pools.NameChanged;
        _shared.Pools.HasLost = _shared.Resolver.HasLost;
        _loops = [.. Enumerable.Range(0, proxy.Threads).Select(index => new ProxyLoop(index, _shared, engine, _logger))];
        _shared.Loops = [.. _loops.Select(loop => loop.Services)];
        _listeners = new ProxyListeners(_loops, _logger);
        _shared.Suspension.Ended = () => _listeners.SuspendAsync(isSuspended: false);
        _stats = new StatsSampler(First.Loop, First.Services.Routes, _logger, _loops.Length);
        _judgement = new ProxyJudgement(_shared, _logger);
        _reloader = new Reloader(path, loaded.Configuration, ApplyAsync, _logger);
        var control = new ProxyControl(this, _listeners, _judgement, _reloader);
        foreach (var loop in _loops)
        {
            loop.Services.Console = new ConsoleHost(loop.Services, control, _stats);
        }

        _housekeeping = new Housekeeping(First.Services);
        _idlePools = new IdlePools(First.Services);
        _http = new ProxyHttp(_shared, () => _judgement.Tokens, _meters, _logger);
        _ = new ProxyMetrics(_meters, new ProxyCounts(_shared, log));
        _shutdown = new ShutdownWatch(_shared, TimeProvider.System, () => _stopped.TrySetResult());
    }

    /// <summary>Where everything lives that there is one of.</summary>
    private ProxyLoop First => _loops[0];

    /// <summary>The log, for what happens around the proxy.</summary>
    public ILogger Log => _logger;

    /// <summary>Where the process is to leave its number; empty for nowhere.</summary>
    public string PidFile => _configuration.Proxy.Pidfile;

    /// <summary>Completes when the proxy has stopped, for whatever reason.</summary>
    public Task Completion => _stopped.Task;

    /// <summary>The addresses it listens on, with the ports that were really taken.</summary>
    public IReadOnlyList<string> Addresses => _listeners.Addresses;

    /// <summary>The TCP port of the first listener; 0 where it listens on Unix sockets only.</summary>
    public int Port => _listeners.Port;

    /// <summary>Reads the file, starts everything, and returns once it listens.</summary>
    /// <exception cref="ProxyFaultException">Nothing was started; every reason is in it.</exception>
    public static Task<ProxyServer> StartAsync(string path, bool isQuiet = false, int? verbose = null) => ProxyStart.RunAsync(path, new StartOptions { IsQuiet = isQuiet, Verbose = verbose });

    /// <summary>The same, with everything that a process may be started with.</summary>
    /// <exception cref="ProxyFaultException">Nothing was started; every reason is in it.</exception>
    public static Task<ProxyServer> StartAsync(string path, StartOptions options) => ProxyStart.RunAsync(path, options);

    /// <summary>Reads the file again and puts it in force, or changes nothing. Answers the faults; none means done.</summary>
    public Task<IReadOnlyList<string>> ReloadAsync() => _reloader.ReloadAsync();

    /// <summary>PAUSE and RESUME of every database.</summary>
    public Task PauseAsync(bool isPaused) => PauseSwitch.SetAsync(_shared, null, isPaused);

    /// <summary>Whether PAUSE without a name is in force.</summary>
    public bool IsPaused => _shared.Pools.IsPaused;

    /// <summary>Whether it goes down, whoever has asked for that.</summary>
    public bool IsShuttingDown => _shared.IsShuttingDown;

    /// <summary>Whether SUSPEND is in force.</summary>
    public bool IsSuspended => _shared.Suspension.IsOn;

    /// <summary>As RESUME without a name: ends SUSPEND and PAUSE.</summary>
    public async Task ResumeAsync()
    {
        await _shared.Suspension.EndAsync();
        await PauseAsync(isPaused: false);
    }

    /// <summary>Ends when every loop has turned once.</summary>
    public Task TurnAsync() => _shared.OnEachAsync(static _ => { });

    /// <summary>Told once, when the proxy begins to go down.</summary>
    public Action? GoingDown { get; set; }

    /// <summary>Begins to go down; <see cref="Completion"/> says when it has.</summary>
    public Task ShutdownAsync(ShutdownMode mode)
    {
        if (!_shared.IsShuttingDown)
        {
            _shared.IsShuttingDown = true;
            GoingDown?.Invoke();
        }

        return First.Loop.CallAsync(() => First.Loop.Run(_ => GoDownAsync(mode), null));
    }

    /// <summary>
    /// Told when another process has taken over what this one listened on, before that one goes on: what it needs is to be given up. With its number, null where the system does not say.
    /// </summary>
    public Func<int?, Task>? HandedOver { get; set; }

    /// <summary>The process <paramref name="successor"/> goes on with the listening sockets that it was passed. Returns when it may.</summary>
    internal async Task HandOverAsync(int? successor)
    {
        _logger.HandingOver();
        await First.Loop.CallAsync(_listeners.GiveAway);
        await _http.DisposeAsync();
        if (HandedOver is { } tell)
        {
            try
            {
                // Files, and waiting for others: not on the loop.
                await Task.Run(() => tell(successor));
            }
            catch (Exception failure)
            {
                // The successor listens already: whatever was not given up, this process has to go.
                _logger.ProcessFault(failure);
            }
        }

        await ShutdownAsync(ShutdownMode.WaitForClients);
    }

    /// <summary>As <see cref="ShutdownAsync"/>, for who cannot wait.</summary>
    internal void ShutdownSoon(ShutdownMode mode) => First.Loop.Post(_ => First.Loop.Run(_ => ShutdownAsync(mode), null), null);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposals, 1) != 0)
        {
            // Nothing runs any more that could answer a second time.
            await _disposed.Task;
            return;
        }

        try
        {
            _meters.Dispose();
            if (_isStarted)
            {
                await ShutdownAsync(ShutdownMode.Immediate);
                await Task.WhenAny(_stopped.Task, Task.Delay(StopPatience));
                await _http.DisposeAsync();
                await _judgement.StopAsync();
                foreach (var loop in _loops)
                {
                    loop.Loop.Stop();
                }
            }

            _stopped.TrySetResult();
            _judgement.Dispose();
            foreach (var loop in _loops)
            {
                loop.Loop.Dispose();
            }

            _audit.Flush(TimeSpan.FromSeconds(2));
            _audit.Dispose();
            _log.Flush(TimeSpan.FromSeconds(2));
            _log.Dispose();
            _reloader.Dispose();
        }
        finally
        {
            _disposed.SetResult();
        }
    }

    /// <summary>Starts the loops and everything on them, and accepts on the sockets; where there is a predecessor, it stops accepting then.</summary>
    internal async Task StartAsync(LoadedConfiguration loaded, IReadOnlyList<ListeningSocket> sockets, bool areServiceManagers, PredecessorProcess? predecessor)
    {
        foreach (var loop in _loops)
        {
            loop.Loop.Start();
        }

        _isStarted = true;
        _shared.Revocations.Registry.Begin(loaded.Revocations);
        _judgement.Apply(loaded);
        foreach (var note in loaded.Notes)
        {
            _logger.ConfigurationNote(note);
        }

        await ApplyAsync(loaded);
        await First.Loop.CallAsync(() =>
        {
            _stats.Start();
            _listeners.Start(sockets, areShared: areServiceManagers || predecessor is not null);
            _housekeeping.Start();
            _idlePools.Start();
        });
        if (predecessor is not null)
        {
            await TakeOverAsync(loaded, predecessor);
        }
        else
        {
            await _http.StartAsync(loaded);
        }

        _logger.ProcessUp(
            typeof(ProxyServer).Assembly.GetName().Version!.ToString(3), First.Loop.EngineName, loaded.Tls is null ? "off" : "on", _loops.Length);
    }

    /// <summary>From the predecessor's consent on nobody else listens: what fails then is told to the log, and the proxy serves without it.</summary>
    private async Task TakeOverAsync(LoadedConfiguration loaded, PredecessorProcess predecessor)
    {
        if (await Task.Run(predecessor.Retire) is { } doubt)
        {
            _logger.StartNote(doubt);
        }

        await First.Loop.CallAsync(_listeners.Keep);
        try
        {
            var missing = ListeningAddresses.OpenMissing(loaded.Configuration.Proxy);
            await First.Loop.CallAsync(() => _listeners.Start(missing, areShared: false));
        }
        catch (ProxyFaultException fault)
        {
            _logger.StartNote(fault.Message);
        }

        try
        {
            await _http.StartAsync(loaded);
        }
        catch (ProxyFaultException fault)
        {
            _logger.StartNote($"[http] is off until the next start: {fault.Message}");
        }

        _logger.TookOver();
    }

    private async Task ApplyAsync(LoadedConfiguration loaded, ConfigurationChange change)
    {
        _configuration = loaded.Configuration;
        _judgement.Apply(loaded);
        _log.Apply(_logOf(_configuration.Proxy));
        _audit.Apply(_configuration.Audit, loaded.AuditKey);
        await ApplyAsync(loaded);
        await First.Loop.CallAsync(() => _listeners.Apply(_configuration.Proxy));
        if (change.HaveRulesChanged && loaded.Configuration.Proxy.ChangedRules != ChangedRules.Keep && _judgement.Tokens is { } tokens)
        {
            await RuleReview.RunAsync(_shared, tokens, loaded.Configuration.Proxy.ChangedRules);
        }

        _http.Apply(loaded);
        _logger.Reloaded(_path, change.IsEmpty ? "nothing" : string.Join(", ", change.Settings));
    }

    private async Task GoDownAsync(ShutdownMode mode)
    {
        if (mode == ShutdownMode.Immediate)
        {
            _listeners.Stop();
        }
        else
        {
            await _listeners.StopAsync(_configuration.Proxy.SoReuseport);
        }

        await _shutdown.BeginAsync(mode);
    }

    private Task ApplyAsync(LoadedConfiguration loaded) =>
        Task.WhenAll(_loops.Select(loop => loop.Loop.CallAsync(() => loop.Apply(loaded, _judgement.Tokens))));
}
