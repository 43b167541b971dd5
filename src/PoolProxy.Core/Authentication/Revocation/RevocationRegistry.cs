using PoolProxy.Core.Relay;
using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Authentication.Revocation;

/// <summary>
/// What was taken back, for every loop: read without a lock, written under one. A change counts from when the writer returns: logins find it, and each
/// client that is in asks for it before it is next given a server (<see cref="AdmissionEpoch"/>). Any thread.
/// </summary>
/// <param name="time">When orders end.</param>
/// <param name="epoch">Moved by each change.</param>
internal sealed class RevocationRegistry(TimeProvider time, AdmissionEpoch epoch)
{
    private readonly Lock _gate = new();
    // Null until there is something: a proxy that takes nothing back keeps nothing for it.
    private volatile RevocationSnapshot? _snapshot;
    private volatile int _maxEntries = 100_000;

    /// <summary>What holds now.</summary>
    public RevocationSnapshot Snapshot => _snapshot ?? RevocationSnapshot.Empty;

    /// <summary><c>max_entries</c>: of orders that were said, and again of the file's.</summary>
    public int MaxEntries
    {
        get => _maxEntries;
        set => _maxEntries = value;
    }

    /// <summary>The order that takes back what these facts are about; null for none.</summary>
    public RevocationEntry? Find(TokenFacts facts)
    {
        if (_snapshot is not { } snapshot || snapshot.Orders.Count + snapshot.File.Count == 0)
        {
            return null;
        }

        var now = time.GetUtcNow();
        return snapshot.Orders.Find(facts, now) ?? snapshot.File.Find(facts, now);
    }

    /// <summary>Takes orders, all or none; false where there would be more than <see cref="MaxEntries"/>, which never makes room by forgetting one that holds.</summary>
    public bool TryAdd(IEnumerable<RevocationEntry> entries)
    {
        lock (_gate)
        {
            var orders = entries.Aggregate(Snapshot.Orders, (set, entry) => set.With(entry));
            if (orders.Count > MaxEntries && (orders = orders.At(time.GetUtcNow())).Count > MaxEntries)
            {
                return false;
            }

            _snapshot = Snapshot with { Orders = orders };
        }

        epoch.Advance();
        return true;
    }

    /// <summary>Begins with what outlived the last process.</summary>
    public void Begin(FiledRevocations? filed)
    {
        if (filed is not null)
        {
            Restore(filed);
        }
    }

    /// <summary>The configuration's files were read anew: what the watched one holds now; nothing where there is none any more.</summary>
    public void Apply(FiledRevocations? filed)
    {
        if (filed is not null || _snapshot is not null)
        {
            ReplaceFile(filed);
        }
    }

    /// <summary>Takes an order back; false where there is none about exactly this but in the file.</summary>
    public bool TryRemove(RevocationKey key)
    {
        lock (_gate)
        {
            var before = Snapshot.Orders;
            var orders = before.Without(key);
            if (ReferenceEquals(orders, before))
            {
                return false;
            }

            _snapshot = Snapshot with { Orders = orders };
            return true;
        }
    }

    /// <summary>The watched file says something else.</summary>
    public void ReplaceFile(RevocationSet file)
    {
        lock (_gate)
        {
            _snapshot = Snapshot with { File = file };
        }

        epoch.Advance();
    }

    /// <summary>Forgets what is over.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            if (_snapshot is { } snapshot)
            {
                var now = time.GetUtcNow();
                _snapshot = new RevocationSnapshot(snapshot.Orders.At(now), snapshot.File.At(now));
            }
        }
    }

    private void Restore(FiledRevocations filed)
    {
        if (filed.Saved is { } orders)
        {
            lock (_gate)
            {
                _snapshot = Snapshot with { Orders = orders };
            }

            epoch.Advance();
        }
    }

    private void ReplaceFile(FiledRevocations? filed) => ReplaceFile(filed?.File ?? RevocationSet.Empty);
}
