using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Revocation;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Looks at <c>[revocation] file</c> ten times a second, on a worker: a look costs one question to the file system. One that has changed, and is the same at the
/// next look, is read; one that cannot be read or understood changes nothing, and the log says so once. Orders that are over are forgotten along the way. Without a
/// file it wakes for that alone, and where there are no tokens that could be revoked not at all.
/// </summary>
internal sealed class RevocationWatch(Revocations revocations, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan TrimInterval = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private ProxyConfiguration? _configuration;
    private Stamp? _read;
    private PeriodicTimer? _timer;
    private Task? _running;

    /// <summary>A configuration came into force, and what its file held when it was read.</summary>
    public void Apply(ProxyConfiguration configuration)
    {
        lock (_gate)
        {
            // Once more than it was read with the configuration: it may have changed since.
            (_configuration, _read) = (configuration, null);
            var interval = configuration.Revocation.File.Length > 0 ? LookInterval : TrimInterval;
            if (_timer is { } timer)
            {
                timer.Period = interval;
            }
            else if (configuration.Issuers.Count > 0 || configuration.Revocation.File.Length > 0)
            {
                _timer = new PeriodicTimer(interval, time);
                _running = Task.Run(() => RunAsync(_timer));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_running is { } running)
        {
            await running;
        }

        _timer?.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync(PeriodicTimer timer)
    {
        Stamp? seen = null;
        var trimmed = time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                if (time.GetElapsedTime(trimmed) >= TrimInterval)
                {
                    trimmed = time.GetTimestamp();
                    revocations.Registry.Trim();
                }

                ProxyConfiguration configuration;
                Stamp? read;
                lock (_gate)
                {
                    (configuration, read) = (_configuration!, _read);
                }

                if (configuration.Revocation.File.Length == 0)
                {
                    continue;
                }

                var now = Stamp.Of(configuration.Revocation.File);
                if (now != read && now == seen)
                {
                    await ReadAsync(configuration, now);
                }

                seen = now;
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The proxy goes down.
        }
    }

    private async Task ReadAsync(ProxyConfiguration configuration, Stamp stamp)
    {
        var path = configuration.Revocation.File;
        var set = RevocationFiles.ReadWatched(configuration, path, time.GetUtcNow(), out var fault);
        lock (_gate)
        {
            if (!ReferenceEquals(configuration, _configuration))
            {
                return;
            }

            _read = stamp;
        }

        if (set is null)
        {
            log.RevocationFileStays(path, fault!);
        }
        else
        {
            revocations.Registry.ReplaceFile(set);
            var ended = await revocations.EnforceAsync();
            log.RevocationFileRead(path, set.Count, ended);
        }
    }

    /// <summary>What a file is told from another version of itself by; all zero for one that is not there.</summary>
    private sealed record Stamp(DateTime Written, long Length)
    {
        public static Stamp Of(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? new Stamp(file.LastWriteTimeUtc, file.Length) : new Stamp(default, 0);
        }
    }
}
