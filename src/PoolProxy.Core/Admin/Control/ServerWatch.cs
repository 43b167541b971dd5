using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Admin.Control;

/// <summary>
/// Waits on the loop until a condition holds: PAUSE and WAIT_CLOSE. It looks again every few milliseconds, as pools tell nobody of a
/// server's end; there are few such waits, and they are short.
/// </summary>
internal sealed class ServerWatch : TimerNode
{
    private const int LookMilliseconds = 20;

    private readonly Loop _loop;
    private readonly Func<bool> _isOver;
    private readonly TaskCompletionSource _done = new();

    private ServerWatch(Loop loop, Func<bool> isOver)
    {
        _loop = loop;
        _isOver = isOver;
    }

    /// <summary>Completes, on the loop, once <paramref name="isOver"/> says so.</summary>
    public static Task UntilAsync(Loop loop, Func<bool> isOver)
    {
        var watch = new ServerWatch(loop, isOver);
        watch.OnDue(loop.NowMilliseconds);
        return watch._done.Task;
    }

    /// <inheritdoc/>
    protected internal override void OnDue(long nowMilliseconds)
    {
        if (_isOver())
        {
            _done.SetResult();
        }
        else
        {
            _loop.Timers.Arm(this, nowMilliseconds + LookMilliseconds);
        }
    }
}
