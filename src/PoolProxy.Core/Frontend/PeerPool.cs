namespace PoolProxy.Core.Frontend;

/// <summary>Cancels on their way to one peer: so many at a time, the others wait in order. Shared by all loops; any thread.</summary>
internal sealed class PeerPool
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource<bool>> _waiting = [];
    private int _taken;
    private int _connecting;
    private int _sent;

    /// <summary>Requests that have a connection to the peer.</summary>
    public int ActiveCount => Volatile.Read(ref _sent);

    /// <summary>Requests that have none yet: they wait for a place, or for the peer.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count + Volatile.Read(ref _connecting);
            }
        }
    }

    /// <summary>Connections being made.</summary>
    public int ConnectingCount => Volatile.Read(ref _connecting);

    /// <summary>A place among <paramref name="size"/> (0: without bound); false where none came free in time. Whoever has one gives it back.</summary>
    /// <param name="size">How many may be under way.</param>
    /// <param name="patience">How long to wait; zero without end.</param>
    /// <param name="time">The clock.</param>
    public async Task<bool> EnterAsync(int size, TimeSpan patience, TimeProvider time)
    {
        LinkedListNode<TaskCompletionSource<bool>> place;
        lock (_gate)
        {
            if (size == 0 || _taken < size)
            {
                _taken++;
                return true;
            }

            place = _waiting.AddLast(new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            return await place.Value.Task.WaitAsync(patience > TimeSpan.Zero ? patience : Timeout.InfiniteTimeSpan, time);
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                if (place.List is not null)
                {
                    _waiting.Remove(place);
                    return false;
                }
            }

            // It was given a place in the last moment.
            return await place.Value.Task;
        }
    }

    /// <summary>Gives the place back: to whoever waits longest.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            if (_waiting.First is { } next)
            {
                _waiting.Remove(next);
                next.Value.SetResult(true);
            }
            else
            {
                _taken--;
            }
        }
    }

    /// <summary>A connection begins (+1) or ends (−1) to be made.</summary>
    public void CountConnecting(int change) => Interlocked.Add(ref _connecting, change);

    /// <summary>A request begins (+1) or ends (−1) to have a connection.</summary>
    public void CountSent(int change) => Interlocked.Add(ref _sent, change);
}
