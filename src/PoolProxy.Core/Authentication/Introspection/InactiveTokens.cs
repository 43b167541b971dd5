using PoolProxy.Core.Authentication.Tokens;

namespace PoolProxy.Core.Authentication.Introspection;

/// <summary>
/// Tokens that an issuer has just said are not active, each remembered for a while, so that a client that tries again and again does not become the issuer's
/// load. Guarded by its owner's lock.
/// </summary>
/// <param name="memory">How long one is remembered; zero is not at all.</param>
/// <param name="time">The clock.</param>
internal sealed class InactiveTokens(TimeSpan memory, TimeProvider time)
{
    /// <summary>How many are remembered; at one more all are forgotten together.</summary>
    public const int Capacity = 4096;

    private readonly Dictionary<TokenDigest, long> _saidAt = [];

    /// <summary>The issuer has said so.</summary>
    public void Add(TokenDigest digest)
    {
        if (_saidAt.Count >= Capacity)
        {
            _saidAt.Clear();
        }

        _saidAt[digest] = time.GetTimestamp();
    }

    /// <summary>Whether the issuer said so a short while ago.</summary>
    public bool Contains(TokenDigest digest)
    {
        if (!_saidAt.TryGetValue(digest, out long saidAt))
        {
            return false;
        }

        if (time.GetElapsedTime(saidAt) < memory)
        {
            return true;
        }

        _saidAt.Remove(digest);
        return false;
    }
}
