using System.Net;
using System.Net.Sockets;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Naming;

/// <summary>
/// Host names to addresses, looked up on a worker (<see cref="NameLookup"/>) and remembered for as long as the answer allows, at most for
/// dns_max_ttl; that there is no address is remembered for dns_nxdomain_ttl. Literal addresses need no lookup. Where a name has several addresses they are
/// used in turn. Whoever asks for a name that is being looked up waits for the same answer. Shared by all loops.
/// </summary>
internal sealed class HostResolver
{
    /// <summary>More names than any configuration holds; the table starts anew beyond it.</summary>
    private const int Capacity = 1024;

    /// <summary>So long a new answer is waited for where there is an old one: a name server that is dead must not hold up a login for long.</summary>
    private static readonly TimeSpan PatienceWithOld = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResolvedName> _names = new(StringComparer.OrdinalIgnoreCase);
    private volatile DnsSettings _settings = DnsSettings.Of(new ProxySettings());

    public HostResolver(TimeProvider time)
    {
        _time = time;
        Zones = new ZoneWatch(this, time);
    }

    /// <summary>Told when a name has got other addresses than before, with those that it has now. On a worker.</summary>
    public Action<string, IReadOnlyCollection<IPAddress>>? Changed { get; set; }

    /// <summary>The zones of the names.</summary>
    public ZoneWatch Zones { get; }

    public DnsSettings Settings => _settings;

    /// <summary>Lookups under way.</summary>
    public int PendingCount
    {
        get
        {
            lock (_gate)
            {
                return _names.Values.Count(name => name.Lookup is not null);
            }
        }
    }

    /// <summary>The names that were looked up, for SHOW DNS_HOSTS, with what they have and how long it still holds.</summary>
    public IReadOnlyList<(string Host, IPAddress[] Addresses, TimeSpan Left)> Names
    {
        get
        {
            lock (_gate)
            {
                return [.. _names.Select(pair => (pair.Key, pair.Value.Addresses, pair.Value.Left(_time)))];
            }
        }
    }

    /// <summary>New settings hold from the next lookup on.</summary>
    public void Apply(ProxySettings proxy)
    {
        _settings = DnsSettings.Of(proxy);
        Zones.Apply(_settings.ZoneCheckPeriod);
    }

    /// <summary>The next address for the name.</summary>
    /// <exception cref="SocketException">The name has no address, or nobody could be asked.</exception>
    public async Task<IPAddress> ResolveAsync(string host) => (await ResolveAllAsync(host))[0];

    /// <summary>All addresses of the name, beginning with the next in turn.</summary>
    /// <exception cref="SocketException">The name has no address, or nobody could be asked.</exception>
    public async Task<IReadOnlyList<IPAddress>> ResolveAllAsync(string host)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        ResolvedName name;
        Task lookup;
        bool hasOld;
        lock (_gate)
        {
            name = NameWithin(host);
            if (name.IsKnown(_time))
            {
                return name.InTurn();
            }

            hasOld = name.Addresses.Length > 0;

            // On the thread pool, and so off the loop that asks.
            lookup = name.Lookup ??= Task.Run(() => LookUpAsync(host));
        }

        try
        {
            await (hasOld ? lookup.WaitAsync(PatienceWithOld, _time) : lookup);
        }
        catch (TimeoutException) when (hasOld)
        {
            // It goes on; what it finds is for those who come later.
        }

        lock (_gate)
        {
            return name.InTurn();
        }
    }

    /// <summary>Whether the name, as far as is known, has addresses and that one no more.</summary>
    public bool HasLost(string host, IPAddress address)
    {
        lock (_gate)
        {
            return _names.TryGetValue(host, out var name) && name.Addresses.Length > 0 && Array.IndexOf(name.Addresses, address) < 0;
        }
    }

    /// <summary>Looks these up again at once: their zone has changed.</summary>
    public Task RefreshAsync(IEnumerable<string> hosts)
    {
        lock (_gate)
        {
            return Task.WhenAll(hosts.Select(host => NameWithin(host).Lookup ??= Task.Run(() => LookUpAsync(host))).ToArray());
        }
    }

    private ResolvedName NameWithin(string host)
    {
        if (!_names.TryGetValue(host, out var name))
        {
            if (_names.Count >= Capacity)
            {
                _names.Clear();
            }

            _names.Add(host, name = new ResolvedName());
        }

        return name;
    }

    private async Task LookUpAsync(string host)
    {
        var (hasChanged, addresses) = (false, Array.Empty<IPAddress>());
        try
        {
            var settings = _settings;
            var answer = await NameLookup.FindAsync(host, settings.ResolvConf, settings.MaxTtl);
            lock (_gate)
            {
                var name = NameWithin(host);
                hasChanged = name.Learn(answer, settings.NxdomainTtl, _time);
                addresses = name.Addresses;
            }

            Zones.Add(host);
        }
        finally
        {
            lock (_gate)
            {
                NameWithin(host).Lookup = null;
            }
        }

        if (hasChanged)
        {
            Changed?.Invoke(host, addresses);
        }
    }
}
