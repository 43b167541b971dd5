namespace PoolProxy.Core.Authentication.Keys;

/// <summary>
/// Key ids that an issuer was asked for and did not have, each remembered for a while, so that tokens with made-up ids do not make
/// the proxy ask again and again. Guarded by its owner's lock.
/// </summary>
/// <param name="memory">How long an id is remembered.</param>
/// <param name="time">The clock.</param>
internal sealed class DeniedKeyIds(TimeSpan memory, TimeProvider time)
{
    /// <summary>How many are remembered; at one more all are forgotten together.</summary>
    public const int Capacity = 1024;

    private readonly Dictionary<string, long> _deniedAt = [];

    /// <summary>How many are remembered.</summary>
    public int Count => _deniedAt.Count;

    /// <summary>The issuer has answered and does not have it.</summary>
    public void Add(string keyId)
    {
        if (_deniedAt.Count >= Capacity)
        {
            _deniedAt.Clear();
        }

        _deniedAt[keyId] = time.GetTimestamp();
    }

    /// <summary>Whether the issuer denied it a short while ago.</summary>
    public bool Contains(string keyId)
    {
        if (!_deniedAt.TryGetValue(keyId, out long deniedAt))
        {
            return false;
        }

        if (time.GetElapsedTime(deniedAt) < memory)
        {
            return true;
        }

        _deniedAt.Remove(keyId);
        return false;
    }

    /// <summary>The issuer's keys have changed: every id may be among them now.</summary>
    public void Clear() => _deniedAt.Clear();
}
