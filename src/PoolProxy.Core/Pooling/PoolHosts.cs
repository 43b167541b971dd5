using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// The hosts of one pool: in which order they are tried for a new server connection, and when again if none would have it. Hosts that are known
/// to be down, or not to be what target_session_attrs asks for, come last, or not at all for the moment. Of several primaries only those of the
/// highest timeline count: a primary that was left over by a failover would take writes that nobody else sees. Any thread.
/// </summary>
internal sealed class PoolHosts
{
    /// <summary>However long server_login_retry is, a host that may be the new primary is not kept waiting longer.</summary>
    private const int MostBackOffMilliseconds = 1000;

    private readonly Lock _gate = new();
    private readonly PoolConfig _config;
    private readonly HostHealth[] _health;

    // Until when the host has refused this pool's login; that says nothing of other pools.
    private readonly long[] _refusedUntil;

    // Whether the host, as a primary, has this pool's transactions read-only, and when it said so; null before it has.
    private readonly (bool Value, long AtMilliseconds)?[] _readOnly;
    private int _turn;

    public PoolHosts(PoolConfig config, HostRegistry registry, int turn = 0)
    {
        _config = config;
        _health = [.. config.Targets.Select(target => registry.Get(target.Address))];
        _refusedUntil = new long[_health.Length];
        _readOnly = new (bool, long)?[_health.Length];
        _turn = turn;
    }

    public IReadOnlyList<HostHealth> Health => _health;

    /// <summary>Where the next connection begins to look; a RELOAD goes on from there.</summary>
    public int Turn
    {
        get
        {
            lock (_gate)
            {
                return _turn;
            }
        }
    }

    private long MostBackOff => Math.Min(_config.ServerLoginRetry.InMilliseconds(), MostBackOffMilliseconds);

    /// <summary>The hosts to try now, best first; empty where each is to be left alone for the moment.</summary>
    public List<HostCandidate> Order(long nowMilliseconds)
    {
        int start;
        lock (_gate)
        {
            start = _turn;
            _turn += _config.LoadBalanceHosts == LoadBalanceHosts.RoundRobin ? 1 : 0;
        }

        var ranked = new List<(int Rank, HostCandidate Candidate)>();
        var newest = NewestTimeline();
        for (var i = 0; i < _health.Length; i++)
        {
            var index = (int)((uint)(start + i) % (uint)_health.Length);
            var report = _health[index].Report;
            if (DueOf(index, in report, newest) > nowMilliseconds)
            {
                continue;
            }

            var candidate = new HostCandidate(index, _config.Targets[index]);
            var rank = report.Failures > 0 ? 2 : report.Nature is { } nature && !Fits(index, nature, newest) ? 1 : 0;
            if (_config.Target.Demand != TargetSessionAttrs.PreferStandby)
            {
                ranked.Add((rank, candidate));
                continue;
            }

            // First of all a standby; and if there is none, whatever there is.
            if (report.Nature is not { IsInRecovery: false })
            {
                ranked.Add((rank, candidate with { Target = candidate.Target with { Demand = TargetSessionAttrs.Standby } }));
            }

            ranked.Add((rank + 3, candidate));
        }

        return [.. ranked.OrderBy(entry => entry.Rank).Select(entry => entry.Candidate)];
    }

    /// <summary>When the next try may be worth it, on the loops' clock.</summary>
    public long RetryDue()
    {
        var newest = NewestTimeline();
        var due = long.MaxValue;
        for (var i = 0; i < _health.Length; i++)
        {
            due = Math.Min(due, DueOf(i, _health[i].Report, newest));
        }

        return due;
    }

    /// <summary>The host's place in the list, or −1.</summary>
    public int IndexOf(ServerAddress address) => Array.FindIndex(_health, known => known.Address == address);

    /// <summary>Whether a server connection to that host may be used, as far as is known: false where the host has turned into something else, or was left over.</summary>
    public bool IsUsable(ServerAddress address) =>
        IndexOf(address) is var index
        && (index < 0 || _health[index].Report is not { Nature: { } nature } || Fits(index, nature, NewestTimeline()));

    /// <summary>Whether the host has not answered several times in a row.</summary>
    public bool IsDown(ServerAddress address) => Array.Find(_health, known => known.Address == address) is { } health && health.Report.IsDown;

    /// <summary>A login went well.</summary>
    public bool Answered(int index, HostNature nature, long nowMilliseconds) => Answers(index, nature, nowMilliseconds);

    /// <summary>A login or a check did not. True when what is known of the host has changed with it.</summary>
    public bool Failed(int index, ServerLoginException failure, long nowMilliseconds)
    {
        if (failure.Unfit is { } nature)
        {
            if (nature.IsOneOfMany)
            {
                // None of the name's addresses is what this pool asks for; for another pool one may be.
                HoldBack(index, nowMilliseconds + HostHealth.UnfitMilliseconds);
            }

            return Answers(index, nature, nowMilliseconds);
        }

        if (failure.IsOfHost)
        {
            if (_config.LoadBalanceHosts == LoadBalanceHosts.Disable)
            {
                MoveOn(from: index);
            }

            return _health[index].Failed(failure.Message, MostBackOff, Random.Shared.NextDouble(), nowMilliseconds);
        }

        var isNews = _health[index].Refused(nowMilliseconds);

        // One that broke off may go well the next time; one that was answered with no will not be answered otherwise soon.
        HoldBack(index, nowMilliseconds + (failure.IsTransient ? HostHealth.UnfitMilliseconds : failure.IsBrokenOff ? MostBackOff : _config.ServerLoginRetry.InMilliseconds()));
        return isNews;
    }

    /// <summary>
    /// Whether what the next login finds out holds for every pool that has the host: it does not answer, or is not what is asked for. Such a host is asked by one at a time.
    /// </summary>
    public bool IsUnfit(int index)
    {
        var (report, newest) = (_health[index].Report, NewestTimeline());
        return report.Failures > 0 || (report.Nature is { } nature && !Fits(index, nature, newest) && !IsOwnMatter(nature, newest));
    }

    private void HoldBack(int index, long untilMilliseconds)
    {
        lock (_gate)
        {
            _refusedUntil[index] = untilMilliseconds;
        }
    }

    private bool WantsPrimary => _config.Target.Demand is TargetSessionAttrs.ReadWrite or TargetSessionAttrs.Primary;

    // load_balance_hosts = disable stays with a host until it fails. Several logins to it may fail at once: one step for all of them.
    private void MoveOn(int from)
    {
        lock (_gate)
        {
            if ((uint)_turn % (uint)_health.Length == from)
            {
                _turn++;
            }
        }
    }

    // True where it is news, of the host or of this pool's transactions there.
    private bool Answers(int index, HostNature nature, long nowMilliseconds)
    {
        bool isOwnNews;
        lock (_gate)
        {
            if (nature.IsOneOfMany)
            {
                nature = nature with { IsReadOnly = false };
            }

            isOwnNews = !nature.IsInRecovery && nature.IsReadOnly != (_readOnly[index] is { Value: true });
            _readOnly[index] = nature.IsInRecovery ? null : (nature.IsReadOnly, nowMilliseconds);
        }

        return _health[index].Answered(nature, nowMilliseconds) || isOwnNews;
    }

    private bool Fits(int index, HostNature nature, uint newest) => AsSeenHere(index, nature).Fits(_config.Target.Demand) && !IsLeftOver(nature, newest);

    private bool IsLeftOver(HostNature nature, uint newest) => WantsPrimary && nature.Timeline > 0 && nature.Timeline < newest;

    // What other pools ask says nothing of whether this one's transactions are read-only there.
    private bool IsOwnMatter(HostNature nature, uint newest) =>
        !nature.IsInRecovery && !IsLeftOver(nature, newest) && _config.Target.Demand is TargetSessionAttrs.ReadWrite or TargetSessionAttrs.ReadOnly;

    private HostNature AsSeenHere(int index, HostNature nature)
    {
        lock (_gate)
        {
            return nature.IsInRecovery ? nature : nature with { IsReadOnly = _readOnly[index] is { Value: true } };
        }
    }

    private uint NewestTimeline() => WantsPrimary ? _health.Max(health => health.Report is { IsLost: false, Nature: { } nature } ? nature.Timeline : 0) : 0;

    private long DueOf(int index, in HostReport report, uint newest)
    {
        long due;
        long askedHere;
        lock (_gate)
        {
            due = Math.Max(_refusedUntil[index], report.RetryMilliseconds);
            askedHere = _readOnly[index]?.AtMilliseconds ?? long.MinValue;
        }

        if (report.Nature is not { } nature || report.Failures > 0 || Fits(index, nature, newest))
        {
            return due;
        }

        return Math.Max(due, (IsOwnMatter(nature, newest) ? askedHere : report.AnsweredMilliseconds) + HostHealth.UnfitMilliseconds);
    }
}
