using System.Text;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Authentication.Lookups;

/// <summary>
/// One question about one name: 1. waits for a server of auth_user's pool, as a client would; 2. asks auth_query with the name as its one value; 3. gives the server
/// back and tells every login that waits. Logins of a name that come while it waits share it. Once it is asked it takes nobody on any more, so that nobody
/// is told what was true before it came. Owned by one loop.
/// </summary>
internal sealed class UserLookup : IWaiter
{
    private readonly UserLookups _lookups;
    private readonly LookupPlace _place;
    private readonly List<LookupTicket> _tickets = [];

    private long _deadlineMilliseconds;
    private bool _isAskedAgain;

    public UserLookup(UserLookups lookups, LookupPlace place, string name)
    {
        _lookups = lookups;
        _place = place;
        Name = name;
        Node = new WaiterNode(this);
    }

    public string Name { get; }

    public PoolKey Key => _place.Pool.Key;

    public string Query => _place.Query;

    /// <inheritdoc/>
    public object Wearer => this;

    /// <inheritdoc/>
    public TimeSpan QueryWaitTimeout => _place.QueryWaitTimeout;

    /// <inheritdoc/>
    public bool IsLoggingIn => true;

    /// <inheritdoc/>
    public WaiterNode Node { get; }

    private ILogger Log => _place.Pool.Log;

    /// <summary>One more login waits for it.</summary>
    public LookupTicket Join()
    {
        var ticket = new LookupTicket(this);
        _tickets.Add(ticket);
        return ticket;
    }

    /// <summary>Gets in line. It may be over at once.</summary>
    public void Begin() => _place.Pool.Wait(this);

    /// <summary>A login waits for it no more.</summary>
    public void Leave(LookupTicket ticket)
    {
        _tickets.Remove(ticket);
        if (_tickets.Count == 0 && Node.IsQueued)
        {
            _place.Pool.Leave(this);
            _lookups.Closed(this);
        }
    }

    /// <inheritdoc/>
    public void Granted(ServerConnection server)
    {
        _lookups.Closed(this);
        if (_tickets.Count == 0)
        {
            _place.Pool.Release(server);
            return;
        }

        _deadlineMilliseconds = server.Loop.NowMilliseconds + (long)_place.Deadline.TotalMilliseconds;
        Question.Ask(server, new LookupExchange(this), Encoding.UTF8.GetBytes(_place.Query), [Encoding.UTF8.GetBytes(Name)], _place.Deadline);
    }

    /// <inheritdoc/>
    public void Rejected(ProxyError error)
    {
        _lookups.Closed(this);
        Finish(new LookupAnswer(null, error.AsFatal()));
    }

    /// <inheritdoc/>
    public void NotifyQueued()
    {
        // Notices before AuthenticationOk would confuse drivers.
    }

    /// <summary>The answer is complete; the server goes back first, so that the next is not held up.</summary>
    public void Answered(ServerConnection server, LookupAnswer answer)
    {
        _place.Pool.Release(server);
        Finish(answer);
    }

    /// <summary>The query was not answered by what could be a user: the log says why, clients that the file is at fault.</summary>
    public void Failed(ServerConnection server, string why)
    {
        Log.LookupFailed(Key.ToString(), ErrorText.Name(Name), why);
        Answered(server, new LookupAnswer(null, LoginErrors.LookupFailed));
    }

    /// <summary>
    /// The server went away, or was closed because it took too long. Where there is a choice of hosts another takes over: as everybody who logs in then, it waits for that, and asks
    /// once more.
    /// </summary>
    public void Lost()
    {
        if (_place.Pool.Config.ChoosesHosts && !_isAskedAgain && _tickets.Count > 0 && _place.Pool.Loop.NowMilliseconds < _deadlineMilliseconds)
        {
            _isAskedAgain = true;
            Begin();
            return;
        }

        Log.LookupFailed(Key.ToString(), ErrorText.Name(Name), "the server connection was lost, or the answer took too long");
        Finish(new LookupAnswer(null, ProxyErrors.ServerLost.AsFatal()));
    }

    private void Finish(LookupAnswer answer)
    {
        foreach (var ticket in _tickets.ToArray())
        {
            ticket.Complete(answer);
        }

        _tickets.Clear();
    }
}
