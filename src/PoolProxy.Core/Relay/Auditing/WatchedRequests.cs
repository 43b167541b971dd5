namespace PoolProxy.Core.Relay.Auditing;

/// <summary>A queue of requests in an array that grows by doubling; what bounds a server's conversation bounds it.</summary>
internal sealed class WatchedRequests
{
    private WatchedRequest[] _entries = new WatchedRequest[8];
    private int _start;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The oldest; there must be one.</summary>
    public ref readonly WatchedRequest Oldest => ref _entries[_start];

    /// <summary>One more.</summary>
    public void Add(in WatchedRequest request)
    {
        if (Count == _entries.Length)
        {
            var larger = new WatchedRequest[2 * Count];
            for (var i = 0; i < Count; i++)
            {
                larger[i] = _entries[(_start + i) & (Count - 1)];
            }

            _entries = larger;
            _start = 0;
        }

        _entries[(_start + Count++) & (_entries.Length - 1)] = request;
    }

    /// <summary>Takes the oldest; false where there is none.</summary>
    public bool TryTake(out WatchedRequest request)
    {
        request = default;
        if (Count == 0)
        {
            return false;
        }

        request = _entries[_start];
        _entries[_start] = default;
        _start = (_start + 1) & (_entries.Length - 1);
        Count--;
        return true;
    }

    /// <summary>Takes the newest; false where there is none.</summary>
    public bool TryTakeNewest(out WatchedRequest request)
    {
        request = default;
        if (Count == 0)
        {
            return false;
        }

        ref var entry = ref _entries[(_start + --Count) & (_entries.Length - 1)];
        request = entry;
        entry = default;
        return true;
    }
}
