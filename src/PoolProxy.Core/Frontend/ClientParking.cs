using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Takes the relays of clients that have been idle for a while away from them: most clients of a pooler are idle, and a relay is two thirds of
/// what one keeps. Coming back costs a client about a microsecond. Owned by one loop.
/// </summary>
internal sealed class ClientParking(Loop loop) : TimerNode
{
    /// <summary>Whoever is idle for less keeps its relay: busy clients are never parked, and so never allocate.</summary>
    public const int IdleMilliseconds = 250;

    private const int LookMilliseconds = 125;

    private readonly List<ClientSession> _awake = [];

    /// <summary>How many clients have been parked so far.</summary>
    public long ParkedCount { get; private set; }

    /// <summary>A client has a relay.</summary>
    public void Add(ClientSession session)
    {
        session.AwakeIndex = _awake.Count;
        _awake.Add(session);
        if (!IsArmed)
        {
            loop.Timers.Arm(this, loop.NowMilliseconds + LookMilliseconds);
        }
    }

    /// <summary>It has none any more.</summary>
    public void Remove(ClientSession session)
    {
        var last = _awake[^1];
        _awake[session.AwakeIndex] = last;
        last.AwakeIndex = session.AwakeIndex;
        _awake.RemoveAt(_awake.Count - 1);
    }

    protected internal override void OnDue(long nowMilliseconds)
    {
        // From the end: what takes a parked client's place has been looked at already.
        for (var i = _awake.Count - 1; i >= 0; i--)
        {
            if (_awake[i].Following is { } following)
            {
                following.Try();
            }
            else if (_awake[i].TryPark(nowMilliseconds - IdleMilliseconds))
            {
                ParkedCount++;
            }
        }

        if (_awake.Count > 0)
        {
            loop.Timers.Arm(this, nowMilliseconds + LookMilliseconds);
        }
        else if (_awake.Capacity > 1024)
        {
            _awake.Capacity = 0;
        }
    }
}
