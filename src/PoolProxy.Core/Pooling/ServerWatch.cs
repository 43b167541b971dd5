using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>Waits on the loop until a condition on the pools holds: PAUSE and WAIT_CLOSE, and who wants a server that no queue is for. It looks again whenever there is news of them.</summary>
internal sealed class ServerWatch
{
    private readonly Loop _loop;
    private readonly PoolNews _news;
    private readonly Func<bool> _isOver;
    private readonly Action _heard;
    private readonly TaskCompletionSource _done = new();
    private int _isLookDue;

    private ServerWatch(Loop loop, PoolNews news, Func<bool> isOver)
    {
        _loop = loop;
        _news = news;
        _isOver = isOver;
        _heard = Hear;
    }

    /// <summary>Completes, on the loop, once <paramref name="isOver"/> says so.</summary>
    public static Task UntilAsync(Loop loop, PoolNews news, Func<bool> isOver)
    {
        var watch = new ServerWatch(loop, news, isOver);
        news.Subscribe(watch._heard);
        watch.Look();
        return watch._done.Task;
    }

    // On whichever loop the news comes from; many servers that close together are one look.
    private void Hear()
    {
        if (Interlocked.Exchange(ref _isLookDue, 1) == 0)
        {
            _loop.Post(static watch => ((ServerWatch)watch!).Look(), this);
        }
    }

    private void Look()
    {
        // A full fence: news that come while this looks must find the mark gone, or see what they tell of.
        Interlocked.Exchange(ref _isLookDue, 0);
        if (_isOver() && _done.TrySetResult())
        {
            _news.Unsubscribe(_heard);
        }
    }
}
