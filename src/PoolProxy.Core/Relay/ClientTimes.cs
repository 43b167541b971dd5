using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay;

/// <summary>
/// Since when a client is idle, asking, or in its transaction, on the loop's clock; the deadlines count from here, and the pool's
/// statistics are added up here.
/// </summary>
internal sealed class ClientTimes
{
    private readonly RelayClient _client;
    private readonly ClientDeadlines _deadlines;

    public ClientTimes(RelayClient client)
    {
        _client = client;
        _deadlines = new ClientDeadlines(client);
        IdleSinceMilliseconds = Loop.NowMilliseconds;
    }

    /// <summary>A request of the client's own is unanswered.</summary>
    public bool IsRequestOpen { get; set; }

    public long IdleSinceMilliseconds { get; private set; }

    public long RequestSinceMilliseconds { get; private set; }

    public long TransactionSinceMilliseconds { get; private set; }

    private Loop Loop => _client.Shared.Loop;

    /// <summary>When the nearest deadline is due, <see cref="TimerNode.Never"/> for none.</summary>
    public long DueMilliseconds => _deadlines.DueMilliseconds;

    /// <summary>An idle client is taken up again, as it was.</summary>
    public void Restore(ParkedRelay parked)
    {
        IdleSinceMilliseconds = parked.IdleSinceMilliseconds;
        RequestSinceMilliseconds = parked.RequestSinceMilliseconds;
    }

    /// <summary>Something began or ended that a deadline counts from.</summary>
    public void Update() => _deadlines.Update();

    /// <summary>The client has ended: nothing falls due any more.</summary>
    public void Stop() => _deadlines.Stop();

    /// <summary>A server was given to the client: a transaction of its may begin.</summary>
    public void Joined()
    {
        TransactionSinceMilliseconds = Loop.NowMilliseconds;
        if (IsRequestOpen)
        {
            // One that is carried out once more: it counts from here, on this server.
            RequestSinceMilliseconds = TransactionSinceMilliseconds;
            if (!_client.Link.Ride.IsBehind)
            {
                _client.Server.RequestMilliseconds = RequestSinceMilliseconds;
            }

            _deadlines.Update();
        }
    }

    public void RequestSent()
    {
        if (!IsRequestOpen)
        {
            IsRequestOpen = true;
            RequestSinceMilliseconds = Loop.NowMilliseconds;
            if (!_client.Link.Ride.IsBehind)
            {
                _client.Server.RequestMilliseconds = RequestSinceMilliseconds;
            }

            if (!_client.IsInTransaction)
            {
                // A client that keeps its server between transactions has been idle since the last.
                TransactionSinceMilliseconds = RequestSinceMilliseconds;
            }

            _deadlines.Update();
        }
    }

    /// <summary>Those before it on its server are answered: until now it has waited, from here on its request is carried out.</summary>
    public void TurnCame()
    {
        var now = Loop.NowMilliseconds;
        _client.Route.Pool.Stats.Waited(now - _client.Node.SinceMilliseconds, isLogin: false);
        RequestSinceMilliseconds = now;
        TransactionSinceMilliseconds = now;
        _client.Server.RequestMilliseconds = now;
        _deadlines.Update();
    }

    /// <summary>A ReadyForQuery for the client has been passed on.</summary>
    public void Answered(TransactionStatus status)
    {
        var stats = _client.Route.Pool.Stats;
        var now = Loop.NowMilliseconds;
        stats.QueryCount++;
        stats.QueryMicroseconds += (now - RequestSinceMilliseconds) * 1000;
        IsRequestOpen = !_client.Link.IsAllAnswered;
        RequestSinceMilliseconds = now;
        IdleSinceMilliseconds = now;
        if (status == TransactionStatus.Idle)
        {
            stats.XactCount++;
            stats.XactMicroseconds += (now - TransactionSinceMilliseconds) * 1000;
            TransactionSinceMilliseconds = now;
        }

        _deadlines.Update();
    }

    /// <summary>The client has no server any more.</summary>
    public void BecameIdle()
    {
        IdleSinceMilliseconds = Loop.NowMilliseconds;
        _deadlines.Update();
    }
}
