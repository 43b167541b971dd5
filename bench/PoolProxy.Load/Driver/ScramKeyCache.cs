using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Load.Driver;

/// <summary>
/// Keys that were derived from a password under a salt: the thousand-fold hashing is done once for a run, as drivers with a
/// pool of their own do it, so that the client does not take the processor away from what is measured. Of one thread.
/// </summary>
internal sealed class ScramKeyCache
{
    private readonly Dictionary<(string Password, string Salt, int Iterations), ScramKeys> _known = [];

    /// <summary>The keys, from the cache where they are there.</summary>
    public ScramKeys Get(string password, ReadOnlySpan<byte> salt, int iterations)
    {
        (string, string, int) key = (password, Convert.ToHexString(salt), iterations);
        if (!_known.TryGetValue(key, out ScramKeys? keys))
        {
            keys = ScramKeys.Derive(System.Text.Encoding.UTF8.GetBytes(password), salt, iterations);
            _known.Add(key, keys);
        }
        return keys;
    }
}
