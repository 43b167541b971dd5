namespace PoolProxy.Core.Access;

/// <summary>Every grant whose time is not over. Bounded; any thread.</summary>
internal sealed class AccessBook
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, AccessGrant> _grants = [];

    /// <summary>Keeps a grant; the bound that it would pass, or null.</summary>
    public AccessRefusal? TryAdd(AccessGrant grant, int max, int maxOfOne, DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (var over in _grants.Values.Where(known => now >= known.EndsAt).ToList())
            {
                _grants.Remove(over.Id);
            }

            if (_grants.Count >= max)
            {
                return AccessRefusal.TooManyOfAll;
            }

            if (_grants.Values.Count(known => known.State != AccessState.Revoked && IsOf(known, grant.Issuer, grant.Subject)) >= maxOfOne)
            {
                return AccessRefusal.TooManyOfOne;
            }

            _grants.Add(grant.Id, grant);
            return null;
        }
    }

    /// <summary>Uses a grant up. Of two who come at once with one credential only one is let in.</summary>
    public AccessRefusal? TryUse(string id, Func<AccessGrant, AccessRefusal?> check, DateTimeOffset now, out AccessGrant? grant)
    {
        lock (_gate)
        {
            if (!_grants.TryGetValue(id, out grant) || now >= grant.EndsAt)
            {
                return AccessRefusal.GrantUnknown;
            }

            var refusal = grant.State switch
            {
                AccessState.Used => AccessRefusal.GrantUsed,
                AccessState.Revoked => AccessRefusal.GrantRevoked,
                _ => check(grant),
            };
            if (refusal is null)
            {
                grant.State = AccessState.Used;
            }

            return refusal;
        }
    }

    /// <summary>Takes a grant back; null where there is none that is <paramref name="isTheirs"/>.</summary>
    public AccessGrant? Revoke(string id, Func<AccessGrant, bool> isTheirs, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (!_grants.TryGetValue(id, out var grant) || now >= grant.EndsAt || !isTheirs(grant))
            {
                return null;
            }

            grant.State = AccessState.Revoked;
            return grant;
        }
    }

    /// <summary>The grants that are <paramref name="isTheirs"/> and not over, with their states now; the oldest first.</summary>
    public IReadOnlyList<(AccessGrant Grant, AccessState State)> List(Func<AccessGrant, bool> isTheirs, DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. _grants.Values.Where(grant => now < grant.EndsAt && isTheirs(grant)).OrderBy(grant => grant.IssuedAt).Select(grant => (grant, grant.State))];
        }
    }

    private static bool IsOf(AccessGrant grant, string issuer, string subject) => grant.Issuer == issuer && grant.Subject == subject;
}
