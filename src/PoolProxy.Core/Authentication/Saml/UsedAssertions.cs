namespace PoolProxy.Core.Authentication.Saml;

/// <summary>
/// The assertions that have been shown, each until its time is over: every one counts once, whether or not it asks for that. Bounded: when it is full no assertion is taken any more, since to forget one would be to take it twice. Only assertions
/// with good signatures come here, so strangers cannot fill it. It outlives reloads. Any thread.
/// </summary>
internal sealed class UsedAssertions(int capacity = UsedAssertions.DefaultCapacity)
{
    /// <summary>At five minutes an assertion, some 200 logins a second; 10 MiB when full.</summary>
    public const int DefaultCapacity = 65_536;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Issuer, string Id), DateTimeOffset> _until = [];

    /// <summary>Notes the use, and says whether it is the first.</summary>
    public UsedAssertion TryUse(string issuer, string id, DateTimeOffset until, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_until.TryGetValue((issuer, id), out var known) && now < known)
            {
                return UsedAssertion.Before;
            }

            if (_until.Count >= capacity)
            {
                foreach (var over in _until.Where(entry => now >= entry.Value).Select(entry => entry.Key).ToList())
                {
                    _until.Remove(over);
                }

                if (_until.Count >= capacity)
                {
                    return UsedAssertion.NoRoom;
                }
            }

            _until[(issuer, id)] = until;
            return UsedAssertion.First;
        }
    }
}
