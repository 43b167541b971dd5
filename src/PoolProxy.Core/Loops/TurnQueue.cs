namespace PoolProxy.Core.Loops;

/// <summary>
/// Rations expensive work: at most so many pieces in one turn of the loop, the rest in later turns, first come first served, so that a burst
/// (of TLS handshakes, about 0.7 ms each) does not hold up every other connection. Touched by its loop only.
/// </summary>
internal sealed class TurnQueue(Loop loop, int perTurn)
{
    private readonly WorkQueue _waiting = new();
    private long _turn = -1;
    private int _done;
    private bool _isScheduled;

    /// <summary>Pieces that wait for a later turn.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Takes a share of this turn if there is one and nobody has waited longer.</summary>
    public bool TryEnter() => _waiting.Count == 0 && TryTake();

    /// <summary>Does it in a later turn.</summary>
    public void Enqueue(Action<object?> work, object? state)
    {
        _waiting.Enqueue(work, state);
        Schedule();
    }

    private bool TryTake()
    {
        if (_turn != loop.TurnNumber)
        {
            _turn = loop.TurnNumber;
            _done = 0;
        }

        if (_done >= perTurn)
        {
            return false;
        }

        _done++;
        return true;
    }

    private void Schedule()
    {
        if (!_isScheduled)
        {
            _isScheduled = true;
            loop.Defer(static queue => ((TurnQueue)queue!).RunShare(), this);
        }
    }

    private void RunShare()
    {
        _isScheduled = false;
        try
        {
            while (_waiting.Count > 0 && TryTake())
            {
                var (work, state) = _waiting.Dequeue();
                work(state);
            }
        }
        finally
        {
            if (_waiting.Count > 0)
            {
                Schedule();
            }
        }
    }
}
