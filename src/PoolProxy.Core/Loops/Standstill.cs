namespace PoolProxy.Core.Loops;

/// <summary>
/// SUSPEND on one loop: what the administrator has set deadlines for stands still, and so do the deadlines. As in PgBouncer the clocks go on meanwhile: what has run out is met behind RESUME,
/// at one of the three looks a second that PgBouncer takes, so that what has come in by then counts first. Touched by its loop only.
/// </summary>
internal sealed class Standstill(Loop loop)
{
    /// <summary>How often a deadline that has passed is looked at again, in milliseconds.</summary>
    public const long LookMilliseconds = 333;

    private long _untilMilliseconds = long.MinValue;

    /// <summary>Nothing is read of clients and servers.</summary>
    public bool IsOn => _untilMilliseconds == long.MaxValue;

    /// <summary>Deadlines are put off from here on.</summary>
    public void Begin() => _untilMilliseconds = long.MaxValue;

    /// <summary>They are met again once what waits in the sockets has been read.</summary>
    public void End()
    {
        if (IsOn)
        {
            _untilMilliseconds = loop.NowMilliseconds + LookMilliseconds;
        }
    }

    /// <summary>True: not now. It is armed for another look.</summary>
    public bool TryPutOff(TimerNode deadline)
    {
        if (loop.NowMilliseconds >= _untilMilliseconds)
        {
            return false;
        }

        loop.Timers.Arm(deadline, loop.NowMilliseconds + LookMilliseconds);
        return true;
    }
}
