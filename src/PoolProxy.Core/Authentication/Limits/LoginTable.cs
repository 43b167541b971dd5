namespace PoolProxy.Core.Authentication.Limits;

/// <summary>
/// The logins of one scope, bounded: <see cref="Capacity"/> entries in sets of <see cref="Ways"/>, where a newcomer takes the place of whoever matters least of its set.
/// Which set that is depends on the process's own hash, so that nobody can choose whom to push out. An entry with logins under way keeps its place; where all of a set have some,
/// the newcomer is refused. Where all are banned, the ban that ends first is given up: to refuse everybody new would do the attacker's work. Memory is taken with
/// the first entry. Allocates nothing afterwards but a name with an entry's first failure. Any thread may call.
/// </summary>
internal sealed class LoginTable
{
    /// <summary>Entries that are remembered.</summary>
    public const int Capacity = 16 * 1024;

    /// <summary>Entries that compete for a place.</summary>
    public const int Ways = 8;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _start;
    private volatile ScopeLimits _limits;
    private LoginEntry[] _entries = [];

    public LoginTable(ScopeLimits limits, TimeProvider time)
    {
        _limits = limits;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>The limits in force; a change leaves what is remembered.</summary>
    public ScopeLimits Limits
    {
        get => _limits;
        set => _limits = value;
    }

    private long NowTicks => _time.GetElapsedTime(_start).Ticks;

    /// <summary>A login begins. Where it is admitted and <paramref name="isHeld"/>, <see cref="Leave"/> must follow.</summary>
    public LimitVerdict Enter(UInt128 key, out bool isHeld)
    {
        isHeld = false;
        var limits = _limits;
        if (!limits.IsOn)
        {
            return LimitVerdict.Admitted;
        }

        lock (_gate)
        {
            var now = NowTicks;
            var index = limits.CountsLogins ? Claim(key, now) : Find(key);
            if (index < 0)
            {
                // Without a count of logins an unknown one has nothing against it; with one, nothing could be counted.
                return limits.CountsLogins ? LimitVerdict.TooMany : LimitVerdict.Admitted;
            }

            ref var entry = ref _entries[index];
            var verdict = limits.Failures > 0 && entry.IsBanned(now) ? LimitVerdict.Banned
                : limits.AtOnce > 0 && entry.AtOnce >= limits.AtOnce ? LimitVerdict.TooMany
                : limits.PerSecond > 0 && !entry.Logins.TryAdd(limits.PerSecond, TimeSpan.FromSeconds(1), now) ? LimitVerdict.TooFast
                : LimitVerdict.Admitted;
            if (verdict != LimitVerdict.Admitted)
            {
                entry.RefusedCount++;
            }
            else if (limits.CountsLogins)
            {
                entry.AtOnce++;
                entry.TouchedTicks = now;
                isHeld = true;
            }

            return verdict;
        }
    }

    /// <summary>A login that was held is over, however it went.</summary>
    public void Leave(UInt128 key)
    {
        lock (_gate)
        {
            // It is there: an entry with logins under way is never given away.
            _entries[Find(key)].AtOnce--;
        }
    }

    /// <summary>
    /// A login has failed. Answers the ban that begins with it; zero for none. Those that were under way when a ban began do not make it longer: a pool of
    /// connections with one wrong password is one mistake.
    /// </summary>
    public TimeSpan Fail(UInt128 key, Func<string> name)
    {
        var limits = _limits;
        if (limits.Failures == 0)
        {
            return TimeSpan.Zero;
        }

        lock (_gate)
        {
            var now = NowTicks;
            var index = Claim(key, now);
            if (index < 0)
            {
                return TimeSpan.Zero;
            }

            ref var entry = ref _entries[index];
            entry.Name ??= name();
            entry.TouchedTicks = now;
            entry.FailureCount++;
            if (entry.IsBanned(now) || entry.Failures.TryAdd(limits.Failures, limits.Memory, now))
            {
                return TimeSpan.Zero;
            }

            if (entry.BanCount > 0 && now - entry.BannedUntilTicks >= limits.Memory.Ticks)
            {
                entry.BanCount = 0;
            }

            // Doubled by comparing, not by shifting: a shift could overflow.
            var ban = limits.FirstBan;
            for (var i = 0; i < entry.BanCount && ban < limits.LongestBan; i++)
            {
                ban *= 2;
            }

            ban = ban < limits.LongestBan ? ban : limits.LongestBan;
            entry.BanCount++;
            entry.BannedUntilTicks = now + ban.Ticks;
            return ban;
        }
    }

    /// <summary>The bans in force, and those that are over and not forgotten.</summary>
    public IReadOnlyList<Ban> Bans(LimitScope scope)
    {
        var memory = _limits.Memory.Ticks;
        lock (_gate)
        {
            var now = NowTicks;
            var bans = new List<Ban>();
            foreach (ref var entry in _entries.AsSpan())
            {
                if (entry.IsUsed && entry.BanCount > 0 && now - entry.BannedUntilTicks < memory)
                {
                    var left = TimeSpan.FromTicks(Math.Max(0, entry.BannedUntilTicks - now));
                    bans.Add(new Ban(scope, entry.Name!, entry.FailureCount, entry.BanCount, left, entry.RefusedCount));
                }
            }

            return bans;
        }
    }

    /// <summary>Lifts bans and forgets failures, of one name or, with null, of all. Answers how many had been banned.</summary>
    public int Unban(string? name)
    {
        lock (_gate)
        {
            var count = 0;
            foreach (ref var entry in _entries.AsSpan())
            {
                if (entry is { IsUsed: true, Name: { } known } && (name is null || known == name))
                {
                    count += entry.BanCount > 0 ? 1 : 0;
                    (entry.BanCount, entry.FailureCount, entry.BannedUntilTicks, entry.Failures) = (0, 0, 0, default);
                }
            }

            return count;
        }
    }

    private static int SetOf(UInt128 key) => (int)((uint)HashCode.Combine(key) % (Capacity / Ways)) * Ways;

    private int Find(UInt128 key)
    {
        var set = SetOf(key);
        for (var i = set; i < set + Ways && i < _entries.Length; i++)
        {
            if (_entries[i].IsUsed && _entries[i].Key == key)
            {
                return i;
            }
        }

        return -1;
    }

    // The key's own entry, or one made for it; −1 where nobody may be pushed out.
    private int Claim(UInt128 key, long now)
    {
        if (_entries.Length == 0)
        {
            _entries = new LoginEntry[Capacity];
        }

        if (Find(key) is var own and >= 0)
        {
            return own;
        }

        var (set, least) = (SetOf(key), -1);
        for (var i = set; i < set + Ways; i++)
        {
            if (_entries[i].AtOnce == 0 && (least < 0 || MattersLess(in _entries[i], in _entries[least], now)))
            {
                least = i;
            }
        }

        if (least >= 0)
        {
            _entries[least] = new LoginEntry { IsUsed = true, Key = key, TouchedTicks = now };
        }

        return least;
    }

    // Free places first; then those without failures, those whose ban is over, and among equals the one that ends, or was seen, first.
    private static bool MattersLess(in LoginEntry one, in LoginEntry other, long now)
    {
        var (a, b) = (Weight(in one, now), Weight(in other, now));
        return a != b ? a < b : one.IsBanned(now) ? one.BannedUntilTicks < other.BannedUntilTicks : one.TouchedTicks < other.TouchedTicks;
    }

    private static int Weight(in LoginEntry entry, long now) =>
        !entry.IsUsed ? 0 : entry.IsBanned(now) ? 4 : entry.BanCount > 0 ? 3 : !entry.Failures.IsEmpty(now) ? 2 : 1;
}
