using Microsoft.Extensions.Logging;
using PoolProxy.Core.Telemetry;
using PoolProxy.Identity.Keys;

namespace PoolProxy.Core.Authentication.Keys;

/// <summary>
/// The keys of one issuer, kept fresh: a snapshot behind one volatile field, replaced whole. Fetches are single-flight and happen at the poll
/// interval, when nobody has keys yet, and for a token with an unknown key id, the latter at most once in the forced interval and never
/// again for an id that the issuer has just denied. When fetching fails the last good set serves on, up to <c>jwks_max_stale</c> beyond the
/// refresh interval. Any thread may call; fetching runs on workers.
/// </summary>
internal sealed class IssuerKeys : IDisposable
{
    /// <summary>Key ids that are remembered as unknown to the issuer.</summary>
    public const int MaxDenied = 1024;

    // Without keys every login asks; this much apart is enough for an issuer that starts together with us.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    private readonly string _name;
    private readonly KeySourceSettings _settings;
    private readonly IKeySource _source;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly ExpiringSet<string> _denied;
    private volatile KeySnapshot? _snapshot;
    private volatile string? _lastFault;
    private ITimer? _poll;
    private Task? _fetching;
    private long? _triedAt;
    private long? _polledAt;
    private long? _forcedAt;

    /// <param name="name">The issuer's configured name.</param>
    /// <param name="settings">Where its keys come from and how long they serve.</param>
    /// <param name="source">The source; owned from now on.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="log">Where changes and failures are told.</param>
    /// <param name="seed">Keys of a predecessor with the same settings: they serve until the first fetch.</param>
    public IssuerKeys(string name, KeySourceSettings settings, IKeySource source, TimeProvider time, ILogger log, KeySnapshot? seed = null)
    {
        _name = name;
        _settings = settings;
        _source = source;
        _time = time;
        _log = log;
        _snapshot = seed;
        // Twice the forced interval: an issuer's mirrors may lag behind its signer.
        _denied = new ExpiringSet<string>(MaxDenied, source.ForcedInterval * 2, time);
    }

    /// <summary>The usable keys; null before the first fetch, and when the last good ones have become too old.</summary>
    public KeySet? Current => Usable(_snapshot)?.Keys;

    /// <summary>The snapshot, however old; null before the first fetch.</summary>
    public KeySnapshot? Snapshot => _snapshot;

    /// <summary>Why the last fetch failed; null when it did not. A sentence, for SHOW ISSUERS.</summary>
    public string? LastFault => _lastFault;

    /// <summary>Key ids that are remembered as unknown to the issuer.</summary>
    public int DeniedCount
    {
        get
        {
            lock (_gate)
            {
                return _denied.Count;
            }
        }
    }

    /// <summary>The issuer's configured name.</summary>
    public string Name => _name;

    /// <summary>How fetching does, for SHOW ISSUERS.</summary>
    public FetchState Look()
    {
        lock (_gate)
        {
            TimeSpan next = _polledAt is { } polled ? _source.PollInterval - _time.GetElapsedTime(polled) : TimeSpan.Zero;
            return new FetchState(_triedAt is { } tried ? _time.GetElapsedTime(tried) : null, next > TimeSpan.Zero ? next : TimeSpan.Zero, _fetching is not null);
        }
    }

    /// <summary>Where the keys come from.</summary>
    public KeySourceSettings Settings => _settings;

    /// <summary>Fetches now and then at the poll interval. Called once.</summary>
    public void Start()
    {
        _poll = _time.CreateTimer(static state => ((IssuerKeys)state!).OnPoll(), this, TimeSpan.Zero, _source.PollInterval);
    }

    /// <summary>The usable keys, fetched first if there are none. Null when they cannot be had.</summary>
    public ValueTask<KeySet?> GetAsync()
    {
        if (Current is { } keys)
        {
            return new ValueTask<KeySet?>(keys);
        }

        Task? fetching;
        lock (_gate)
        {
            fetching = _fetching ?? (Elapsed(_triedAt, RetryInterval) ? StartFetch() : null);
        }

        return AfterAsync(fetching);
    }

    /// <summary>
    /// The keys after a token named <paramref name="keyId"/> and <paramref name="known"/> had none for it: fetched anew where that is allowed.
    /// </summary>
    /// <param name="keyId">The key id; null for a token without one.</param>
    /// <param name="known">The set that was searched.</param>
    public ValueTask<KeySet?> GetForUnknownKeyAsync(string? keyId, KeySet known)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_snapshot?.Keys, known))
            {
                // Somebody else's fetch was faster.
                return new ValueTask<KeySet?>(Current);
            }

            if (_denied.Contains(keyId ?? ""))
            {
                return new ValueTask<KeySet?>(known);
            }

            // A fetch that was under way may have begun before the key was published: its silence denies nothing.
            return _fetching is { } fetching ? AfterAsync(fetching)
                : TryForce() is { } forced ? AskedAsync(forced, keyId ?? "")
                : new ValueTask<KeySet?>(known);
        }
    }

    /// <summary>Fetches now, whatever was fetched before: RELOAD.</summary>
    public Task RefreshAsync()
    {
        lock (_gate)
        {
            return _fetching ?? StartFetch() ?? Task.CompletedTask;
        }
    }

    /// <summary>Stops polling. A fetch under way is cancelled; who waits for it gets what there is.</summary>
    public void Dispose()
    {
        Task? fetching;
        lock (_gate)
        {
            if (_stopped.IsCancellationRequested)
            {
                return;
            }

            _poll?.Dispose();
            _stopped.Cancel();
            fetching = _fetching;
        }

        if (fetching is null)
        {
            _source.Dispose();
        }
        else
        {
            // The source is in use until the fetch has noticed.
            _ = fetching.ContinueWith(
                static (_, source) => ((IKeySource)source!).Dispose(), _source, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void OnPoll()
    {
        lock (_gate)
        {
            _polledAt = _time.GetTimestamp();
            _ = _fetching ?? StartFetch();
        }
    }

    // Under the gate.
    private Task? TryForce()
    {
        if (!Elapsed(_forcedAt, _source.ForcedInterval))
        {
            return null;
        }

        _forcedAt = _time.GetTimestamp();
        return StartFetch();
    }

    // Under the gate.
    private Task? StartFetch()
    {
        if (_stopped.IsCancellationRequested)
        {
            return null;
        }

        _triedAt = _time.GetTimestamp();
        return _fetching = Task.Run(FetchAsync);
    }

    private async Task FetchAsync()
    {
        KeyFetch fetch;
        try
        {
            fetch = await _source.FetchAsync(_stopped.Token);
        }
        catch (OperationCanceledException)
        {
            fetch = KeyFetch.Failed("The proxy is going down or has been configured anew.");
        }
        catch (Exception exception)
        {
            // The outermost step of a fetch: whoever waits must get an answer, and the next poll its chance.
            Log.KeysFetchBroke(_log, _name, exception);
            fetch = KeyFetch.Failed("The fetch broke off.");
        }

        Settle(fetch);
    }

    private void Settle(KeyFetch fetch)
    {
        KeySnapshot? before;
        string? faultBefore;
        lock (_gate)
        {
            before = _snapshot;
            faultBefore = _lastFault;
            _lastFault = fetch.Fault;
            _fetching = null;
            if (fetch.KeySet is not null)
            {
                // Keeping the old object where nothing changed keeps the verifiers that its keys have built.
                KeySet keys = before is not null && before.Keys.HasSameKeysAs(fetch.KeySet) ? before.Keys : fetch.KeySet;
                if (!ReferenceEquals(keys, before?.Keys))
                {
                    _denied.Clear();
                }

                _snapshot = new KeySnapshot(keys, _time.GetTimestamp());
            }
        }

        if (fetch.KeySet is not null && !ReferenceEquals(_snapshot?.Keys, before?.Keys))
        {
            Log.KeysChanged(_log, _name, fetch.KeySet.Keys.Count, fetch.KeySet.IgnoredCount);
        }
        else if (fetch.Fault is not null && fetch.Fault != faultBefore && !_stopped.IsCancellationRequested)
        {
            // Once a cause, not once a poll.
            Log.KeysFetchFailed(_log, _name, fetch.Fault);
        }
    }

    private async ValueTask<KeySet?> AfterAsync(Task? fetching)
    {
        if (fetching is not null)
        {
            await fetching;
        }

        return Current;
    }

    private async ValueTask<KeySet?> AskedAsync(Task fetching, string keyId)
    {
        await fetching;
        KeySet? keys = Current;
        // Denied only by an issuer that answered.
        if (_lastFault is null && keys is not null && !keys.Keys.Any(key => key.KeyId == keyId))
        {
            lock (_gate)
            {
                _denied.Add(keyId);
            }
        }

        return keys;
    }

    private KeySnapshot? Usable(KeySnapshot? snapshot) =>
        snapshot is not null && !Elapsed(snapshot.SeenAt, _settings.RefreshInterval + _settings.MaxStale) ? snapshot : null;

    private bool Elapsed(long? since, TimeSpan interval) => since is not { } timestamp || _time.GetElapsedTime(timestamp) >= interval;
}
