namespace PoolProxy.Core.Naming;

/// <summary>
/// The zones that host names are in (everything behind the first dot), and, with dns_zone_check_period, their serials: where one has changed, the names of that
/// zone are looked up again at once. Any thread.
/// </summary>
internal sealed class ZoneWatch(HostResolver resolver, TimeProvider time)
{
    /// <summary>As many as the resolver has names.</summary>
    private const int Capacity = 1024;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Zone> _zones = new(StringComparer.OrdinalIgnoreCase);
    private ITimer? _timer;
    private bool _isChecking;

    /// <summary>The zones, their serials (0 before the first check) and how many names each has, for SHOW DNS_ZONES.</summary>
    public IReadOnlyList<(string Name, uint Serial, int Count)> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _zones.Select(pair => (pair.Key, pair.Value.Serial ?? 0, pair.Value.Hosts.Count))];
            }
        }
    }

    /// <summary>A name was looked up.</summary>
    public void Add(string host)
    {
        var plain = host.TrimEnd('.');
        var dot = plain.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return;
        }

        lock (_gate)
        {
            var name = plain[(dot + 1)..];
            if (!_zones.TryGetValue(name, out var zone) && _zones.Count < Capacity)
            {
                _zones.Add(name, zone = new Zone());
            }

            zone?.Hosts.Add(host);
        }
    }

    /// <summary>dns_zone_check_period; zero is never.</summary>
    public void Apply(TimeSpan period)
    {
        lock (_gate)
        {
            var every = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
            if (_timer is not null)
            {
                _timer.Change(every, every);
            }
            else if (period > TimeSpan.Zero)
            {
                _timer = time.CreateTimer(static watch => _ = ((ZoneWatch)watch!).CheckAsync(), this, every, every);
            }
        }
    }

    // Never faults: what cannot be asked is null, and looking up answers with nothing.
    private async Task CheckAsync()
    {
        string[] names;
        lock (_gate)
        {
            if (_isChecking)
            {
                return;
            }

            _isChecking = true;
            names = [.. _zones.Keys];
        }

        try
        {
            foreach (var name in names)
            {
                if (await NameLookup.SerialAsync(name, resolver.Settings.ResolvConf) is { } serial && HostsToRefresh(name, serial) is { Length: > 0 } hosts)
                {
                    await resolver.RefreshAsync(hosts);
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _isChecking = false;
            }
        }
    }

    private string[] HostsToRefresh(string name, uint serial)
    {
        lock (_gate)
        {
            var zone = _zones[name];
            var hasChanged = zone.Serial is { } known && known != serial;
            zone.Serial = serial;
            return hasChanged ? [.. zone.Hosts] : [];
        }
    }

    private sealed class Zone
    {
        public readonly HashSet<string> Hosts = new(StringComparer.OrdinalIgnoreCase);
        public uint? Serial;
    }
}
