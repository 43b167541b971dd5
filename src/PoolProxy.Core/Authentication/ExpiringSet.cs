namespace PoolProxy.Core.Authentication;

/// <summary>
/// What an issuer has just denied (key ids that it does not have, tokens that are not active), each remembered for a while, so that whoever asks again and again does not
/// become the issuer's load. Guarded by its owner's lock.
/// </summary>
/// <param name="capacity">How many are remembered; at one more all are forgotten together.</param>
/// <param name="memory">How long one is remembered; zero is not at all.</param>
/// <param name="time">The clock.</param>
internal sealed class ExpiringSet<T>(int capacity, TimeSpan memory, TimeProvider time)
    where T : notnull
{
    private readonly Dictionary<T, long> _addedAt = [];

    /// <summary>How many are remembered.</summary>
    public int Count => _addedAt.Count;

    /// <summary>Remembers it from now on.</summary>
    public void Add(T item)
    {
        if (_addedAt.Count >= capacity)
        {
            _addedAt.Clear();
        }

        _addedAt[item] = time.GetTimestamp();
    }

    /// <summary>Whether it was added a short while ago.</summary>
    public bool Contains(T item)
    {
        if (!_addedAt.TryGetValue(item, out long addedAt))
        {
            return false;
        }

        if (time.GetElapsedTime(addedAt) < memory)
        {
            return true;
        }

        _addedAt.Remove(item);
        return false;
    }

    /// <summary>Forgets all: what was true of them may have changed.</summary>
    public void Clear() => _addedAt.Clear();
}
