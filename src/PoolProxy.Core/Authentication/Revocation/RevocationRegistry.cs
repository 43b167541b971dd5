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
    private volatile RevocationSnapshot _snapshot = RevocationSnapshot.Empty;
    private volatile int _maxEntries = 100_000;

    /// <summary>What holds now.</summary>
    public RevocationSnapshot Snapshot => _snapshot;

    /// <summary><c>max_entries</c>: of orders that were said, and again of the file's.</summary>
    public int MaxEntries
    {
        get => _maxEntries;
        set => _maxEntries = value;
    }

    /// <summary>The order that takes back what these facts are about; null for none.</summary>
    public RevocationEntry? Find(TokenFacts facts)
    {
        var snapshot = _snapshot;
        if (snapshot.Orders.Count + snapshot.File.Count == 0)
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
            var orders = entries.Aggregate(_snapshot.Orders, (set, entry) => set.With(entry));
            if (orders.Count > MaxEntries && (orders = orders.At(time.GetUtcNow())).Count > MaxEntries)
            {
                return false;
            }

            _snapshot = _snapshot with { Orders = orders };
        }

        epoch.Advance();
        return true;
    }

    /// <summary>Begins with what outlived the last process.</summary>
    public void Restore(RevocationSet orders)
    {
        lock (_gate)
        {
            _snapshot = _snapshot with { Orders = orders };
        }

        epoch.Advance();
    }

    /// <summary>Takes an order back; false where there is none about exactly this but in the file.</summary>
    public bool TryRemove(RevocationKey key)
    {
        lock (_gate)
        {
            var orders = _snapshot.Orders.Without(key);
            if (ReferenceEquals(orders, _snapshot.Orders))
            {
                return false;
            }

            _snapshot = _snapshot with { Orders = orders };
            return true;
        }
    }

    /// <summary>The watched file says something else.</summary>
    public void ReplaceFile(RevocationSet file)
    {
        lock (_gate)
        {
            _snapshot = _snapshot with { File = file };
        }

        epoch.Advance();
    }

    /// <summary>Forgets what is over.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            _snapshot = new RevocationSnapshot(_snapshot.Orders.At(now), _snapshot.File.At(now));
        }
    }
}
