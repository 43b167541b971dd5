using Microsoft.Extensions.Logging;
using PoolProxy.Configuration;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Change;
using PoolProxy.Configuration.Model;
using PoolProxy.Configuration.Validation;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Reloading;

/// <summary>
/// RELOAD and SET: another configuration in the place of the running one, or nothing at all. One at a time, whoever asks: a signal, the
/// console, a test. What only a restart changes stays as it is, and is said in the log.
/// </summary>
/// <param name="path">The configuration file.</param>
/// <param name="running">What is in force at the start.</param>
/// <param name="apply">Puts a compiled configuration in force; cannot fail.</param>
/// <param name="log">The log.</param>
internal sealed class Reloader(string path, ProxyConfiguration running, Func<LoadedConfiguration, ConfigurationChange, Task> apply, ILogger log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private ProxyConfiguration _running = running;

    /// <summary>Reads the file again and puts it in force, or changes nothing. Answers the faults; none means done.</summary>
    public async Task<IReadOnlyList<string>> ReloadAsync()
    {
        await _turn.WaitAsync();
        try
        {
            var faults = new List<string>();
            var read = await Task.Run(() => ConfigurationLoader.Load(path, faults, wanted => ConfigurationChange.Between(_running, wanted)));
            if (read is not var (loaded, change))
            {
                log.ReloadRefused(path, faults.Count);
                return faults;
            }

            foreach (var setting in change.NeedsRestart)
            {
                log.SettingNeedsRestart(setting.ToString()!);
            }

            await PutInForceAsync(loaded, change);
            return [];
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Changes one setting as a RELOAD would whose file differs from the running configuration in nothing else; the file itself stays, and
    /// the next RELOAD goes by it. The setting is one that can be changed. Answers why not; none means done.
    /// </summary>
    public async Task<IReadOnlyList<string>> SetAsync(Setting<ProxySettings> setting, string value)
    {
        await _turn.WaitAsync();
        try
        {
            if (!setting.TrySet(_running.Proxy, value, out var proxy, out var problem))
            {
                return [problem!.Hint is { } hint ? $"{problem.Message}. {hint}" : problem.Message];
            }

            var wanted = _running with { Proxy = proxy };
            var among = ConfigurationValidator.Validate(wanted, new SourceMap("SET"));
            if (among.Count > 0)
            {
                return [.. among.Select(fault => fault.Hint is { } hint ? $"{fault.Message}. {hint}" : fault.Message)];
            }

            var faults = new List<string>();
            var loaded = await Task.Run(() => ConfigurationLoader.Compile(wanted, path, new SourceMap("SET"), faults));
            if (loaded is null)
            {
                return faults;
            }

            await PutInForceAsync(loaded, ConfigurationChange.Between(_running, loaded.Configuration));
            return [];
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task PutInForceAsync(LoadedConfiguration loaded, ConfigurationChange change)
    {
        await apply(loaded, change);
        _running = loaded.Configuration;
    }
}
