using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// How many clients there are, by what the limits count: one census over all loops, so that a limit holds exactly wherever clients come in.
/// Any thread may call; it is asked at logins and ends only.
/// </summary>
internal sealed class ClientCensus
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _servedByUser = new(StringComparer.Ordinal);
    private readonly Dictionary<Person, int> _servedByPerson = [];
    private long _lastId;
    private int _servedCount;
    private int _loginCount;
    private int _consoleCount;
    private long _acceptedCount;
    private long _refusedCount;

    /// <summary>Clients past their login, the console's not among them.</summary>
    public int ServedCount => Volatile.Read(ref _servedCount);

    /// <summary>Clients that are connected and not yet logged in.</summary>
    public int LoginCount => Volatile.Read(ref _loginCount);

    /// <summary>Clients of the console.</summary>
    public int ConsoleCount => Volatile.Read(ref _consoleCount);

    /// <summary>Logins that succeeded since the start, the console's too.</summary>
    public long AcceptedCount => Interlocked.Read(ref _acceptedCount);

    /// <summary>Logins that were refused since the start.</summary>
    public long RefusedCount => Interlocked.Read(ref _refusedCount);

    /// <summary>What max_client_conn bounds. Logins under way count: all of them may succeed.</summary>
    public int CountedCount
    {
        get
        {
            lock (_gate)
            {
                return _servedCount + _loginCount;
            }
        }
    }

    /// <summary>A name for a client, never used for another.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>A client has connected.</summary>
    public void LoginBegins() => ChangeLogins(+1);

    /// <summary>It has left before it was served, or gone to the console.</summary>
    public void LoginEnds() => ChangeLogins(-1);

    /// <summary>A client begins (+1) or ends (−1) to be one of the console's.</summary>
    public void CountConsole(int change) => Interlocked.Add(ref _consoleCount, change);

    /// <summary>A login is over, as the audit trail has it: accepted where there is no reason why not. One that was given up by the client is not refused.</summary>
    public void CountLogin(string? reason)
    {
        if (reason is null)
        {
            Interlocked.Increment(ref _acceptedCount);
        }
        else if (reason is not ("client_lost" or "client_login_timeout" or "oauth_discovery"))
        {
            Interlocked.Increment(ref _refusedCount);
        }
    }

    /// <summary>Clients past their login that came under this name: what max_user_client_connections bounds, whatever login serves them.</summary>
    public int ServedCountOf(string user)
    {
        lock (_gate)
        {
            return _servedByUser.GetValueOrDefault(user);
        }
    }

    /// <summary>
    /// A login becomes a served client, where <paramref name="maxOfUser"/> (0 is unlimited), <paramref name="maxOfPerson"/> (null is unlimited) and the database
    /// allow one more; nothing changes otherwise. Ends with <see cref="Leave"/>.
    /// </summary>
    public SeatResult TakeSeat(string user, int maxOfUser, Person? person, int? maxOfPerson, ConnectionLimit database)
    {
        lock (_gate)
        {
            var ofUser = _servedByUser.GetValueOrDefault(user);
            if (!database.HasClientRoom)
            {
                return SeatResult.DatabaseIsFull;
            }

            if (maxOfUser > 0 && ofUser >= maxOfUser)
            {
                return SeatResult.UserHasEnough;
            }

            if (person is { } one)
            {
                var ofPerson = _servedByPerson.GetValueOrDefault(one);
                if (ofPerson >= maxOfPerson)
                {
                    return SeatResult.PersonHasEnough;
                }

                _servedByPerson[one] = ofPerson + 1;
            }

            _servedByUser[user] = ofUser + 1;
            database.ClientCount++;
            _servedCount++;
            _loginCount--;
            return SeatResult.Taken;
        }
    }

    /// <summary>A served client goes to another database; false, and nothing changes, where that takes no more.</summary>
    public bool TryMove(ConnectionLimit from, ConnectionLimit to)
    {
        lock (_gate)
        {
            if (from != to && !to.HasClientRoom)
            {
                return false;
            }

            from.ClientCount--;
            to.ClientCount++;
            return true;
        }
    }

    /// <summary>A served client has gone. A name without clients is forgotten: names may be anybody's choice.</summary>
    public void Leave(string user, Person? person, ConnectionLimit database)
    {
        lock (_gate)
        {
            Lower(_servedByUser, user);
            if (person is { } one)
            {
                Lower(_servedByPerson, one);
            }

            database.ClientCount--;
            _servedCount--;
        }
    }

    private static void Lower<TName>(Dictionary<TName, int> counts, TName name)
        where TName : notnull
    {
        var left = counts[name] - 1;
        if (left == 0)
        {
            counts.Remove(name);
        }
        else
        {
            counts[name] = left;
        }
    }

    private void ChangeLogins(int change)
    {
        lock (_gate)
        {
            _loginCount += change;
        }
    }
}
