namespace PoolProxy.Core.Pooling;

/// <summary>The shares of those persons whose number of servers in a pool is limited, for as long as they have clients there. Any thread; asked at logins and ends only.</summary>
internal sealed class ServerShares
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Issuer, string Subject), ServerShare> _shares = [];

    /// <summary>The person's share, for one more client; give it back with <see cref="Release"/>.</summary>
    public ServerShare Acquire(string issuer, string subject)
    {
        lock (_gate)
        {
            if (!_shares.TryGetValue((issuer, subject), out var share))
            {
                _shares.Add((issuer, subject), share = new ServerShare());
            }

            share.ClientCount++;
            return share;
        }
    }

    /// <summary>A client has left.</summary>
    public void Release(string issuer, string subject, ServerShare share)
    {
        lock (_gate)
        {
            if (--share.ClientCount == 0)
            {
                _shares.Remove((issuer, subject));
            }
        }
    }
}
