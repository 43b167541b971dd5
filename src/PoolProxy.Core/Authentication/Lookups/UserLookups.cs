using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Authentication.Lookups;

/// <summary>
/// The lookups of one loop that wait for a server. There is never more than one of a name and a place, and none without a login that waits for it, so that they are
/// no more than max_client_conn lets in. Answers are not kept: each login asks. Owned by that loop.
/// </summary>
internal sealed class UserLookups
{
    private readonly Dictionary<(PoolKey Pool, string Query, string Name), UserLookup> _waiting = [];

    /// <summary>Begins to look a name up, or joins a lookup of it that is not asked yet.</summary>
    public LookupTicket Find(LookupPlace place, string name)
    {
        var key = (place.Pool.Key, place.Query, name);
        if (_waiting.TryGetValue(key, out var known))
        {
            return known.Join();
        }

        var lookup = new UserLookup(this, place, name);
        _waiting.Add(key, lookup);
        var ticket = lookup.Join();
        lookup.Begin();
        return ticket;
    }

    /// <summary>It has its server, or will get none.</summary>
    internal void Closed(UserLookup lookup)
    {
        var key = (lookup.Key, lookup.Query, lookup.Name);
        if (_waiting.TryGetValue(key, out var known) && ReferenceEquals(known, lookup))
        {
            _waiting.Remove(key);
        }
    }
}
