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

    /// <summary>The grant of this name; null where there is none, or it is over. What of it never changes can be looked at without the book.</summary>
    public AccessGrant? Find(string id, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _grants.TryGetValue(id, out var grant) && now < grant.EndsAt ? grant : null;
        }
    }

    /// <summary>Uses a grant up; why not, or null. Of two who come at once with one credential only one is let in.</summary>
    public AccessRefusal? TryUse(AccessGrant grant, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now >= grant.EndsAt)
            {
                return AccessRefusal.GrantUnknown;
            }

            switch (grant.State)
            {
                case AccessState.Issued:
                    grant.State = AccessState.Used;
                    return null;
                case AccessState.Used:
                    return AccessRefusal.GrantUsed;
                case AccessState.Revoked:
                    return AccessRefusal.GrantRevoked;
                default:
                    return AccessRefusal.NotApproved;
            }
        }
    }

    /// <summary>Notes an approval; why not, or null.</summary>
    public AccessRefusal? TryApprove(AccessGrant grant, string by, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now >= grant.EndsAt || grant.State != AccessState.Pending)
            {
                return AccessRefusal.GrantUnknown;
            }

            (grant.State, grant.ApprovedBy) = (AccessState.Approved, by);
            return null;
        }
    }

    /// <summary>Lets the credential of an approved grant be made, once: its time begins now.</summary>
    public AccessRefusal? Collect(string id, string issuer, string subject, TimeSpan useWithin, DateTimeOffset now, out AccessGrant? grant)
    {
        lock (_gate)
        {
            if (!_grants.TryGetValue(id, out grant) || now >= grant.EndsAt || !IsOf(grant, issuer, subject) || grant.State is not (AccessState.Pending or AccessState.Approved))
            {
                return AccessRefusal.GrantUnknown;
            }

            if (grant.State == AccessState.Pending)
            {
                return AccessRefusal.NotApproved;
            }

            Issue(grant, useWithin, now);
            return null;
        }
    }

    /// <summary>From now on there is a credential. Not for a grant that is in the book already.</summary>
    public static void Issue(AccessGrant grant, TimeSpan useWithin, DateTimeOffset now)
    {
        grant.State = AccessState.Issued;
        grant.UseBy = now + (grant.Time < useWithin ? grant.Time : useWithin);
        grant.EndsAt = now + grant.Time;
    }

    /// <summary>Takes a grant back; false where it is over.</summary>
    public bool TryRevoke(AccessGrant grant, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (now >= grant.EndsAt)
            {
                return false;
            }

            grant.State = AccessState.Revoked;
            return true;
        }
    }

    /// <summary>The grants that are not over, with their states now; the oldest first.</summary>
    public IReadOnlyList<(AccessGrant Grant, AccessState State)> List(DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. _grants.Values.Where(grant => now < grant.EndsAt).OrderBy(grant => grant.IssuedAt).Select(grant => (grant, grant.State))];
        }
    }

    private static bool IsOf(AccessGrant grant, string issuer, string subject) => grant.Issuer == issuer && grant.Subject == subject;
}
