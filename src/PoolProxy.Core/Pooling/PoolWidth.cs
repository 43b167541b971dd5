namespace PoolProxy.Core.Pooling;

/// <summary>
/// How many servers a pool that pipelines (isolation.md §9) has in use, within its size. Short statements behind one another on a few servers cost PostgreSQL
/// less than each on its own; but only as many run at once as there are servers. Which counts for more depends on the machine behind, so it is tried out:
/// from time to time the pool has twice as many servers for a moment, or half as many, and keeps that where clients are answered sooner, or as soon by fewer.
/// What cannot go behind others is no part of this: for that a server is opened as soon as it has waited a little. Under the gate of the pool's state.
/// </summary>
internal sealed class PoolWidth
{
    /// <summary>What is looked at as a whole, in milliseconds.</summary>
    public const int WindowMilliseconds = 100;

    /// <summary>How many servers a pool begins with: one cannot keep two cores busy, and more than these are rarely of use on few cores.</summary>
    public const int Beginning = 4;

    /// <summary>How many windows make a measurement: one alone says more about the machine's other work.</summary>
    public const int Windows = 4;

    /// <summary>A window lasts until there were so many transactions in it, or until <see cref="SlowWindowMilliseconds"/>.</summary>
    public const int EnoughTransactions = 200;

    /// <summary>Fewer transactions in this time, while somebody waits, are slow ones.</summary>
    public const int SlowWindowMilliseconds = 1_000;

    /// <summary>What runs so long on average can go behind few, and is better off with more servers.</summary>
    public const int LongMicroseconds = 2_500;

    /// <summary>Who cannot go behind others has waited for so long, in milliseconds, when a server beyond the width is opened for it.</summary>
    public const int PatienceMilliseconds = 10;

    private const int MaxSettlingWindows = 10;

    /// <summary>A server that is needed so soon after there were made fewer is taken for their fault.</summary>
    private const int AttributedMilliseconds = 10_000;

    /// <summary>Pauses between trials are counted while somebody waits: a pool spends the same part of its work on them, however that comes.</summary>
    private const int MinPauseMilliseconds = 5_000;
    private const int MaxPauseMilliseconds = 120_000;

    /// <summary>Nothing is tried before somebody has waited for so long: what comes in short bursts is over before the trial is.</summary>
    private const int SteadyMilliseconds = 1_000;

    /// <summary>More servers must be worth it; fewer need not be better, since they are fewer.</summary>
    private const double WorthMore = 0.9;
    private const double NotWorse = 1.05;

    private WorkDone _last;
    private long _lookedMilliseconds;
    private WorkDone _measured;
    private int _windows;
    private long _sinceMilliseconds;
    private long _busyMilliseconds;
    private long _restedMilliseconds;
    private long _nextTrialMilliseconds = MinPauseMilliseconds;
    private int _pauseMilliseconds = MinPauseMilliseconds;
    private int _failures;
    private bool _isUpwards = true;
    private int _before;
    private double _costBefore;
    private int _settling;
    private long _narrowedMilliseconds = -AttributedMilliseconds;

    /// <summary>So many servers are opened for clients that could go behind others; those beyond are closed as they come free, if others serve on.</summary>
    public int Servers { get; private set; } = Beginning;

    /// <summary>Another width is being tried out.</summary>
    public bool IsTrying => _before > 0;

    /// <summary>When <see cref="Observe"/> has something to look at again, on the loops' clock, if somebody waits then.</summary>
    public long DueMilliseconds => _lookedMilliseconds + WindowMilliseconds;

    /// <summary>A server is needed for somebody who cannot go behind others.</summary>
    public void MakeRoom(int serverCount, long nowMilliseconds)
    {
        if (serverCount >= Servers)
        {
            Servers = serverCount + 1;
            _before = 0;
            Restart();
            if (nowMilliseconds - _narrowedMilliseconds < AttributedMilliseconds)
            {
                _narrowedMilliseconds = nowMilliseconds - AttributedMilliseconds;
                _failures = Math.Max(_failures, 2);
                Fail();
            }
        }
    }

    /// <summary>
    /// Somebody waits: what the pool has done up to now, in all, and how many servers it has that are logged in. <paramref name="least"/> and <paramref name="most"/>
    /// are the bounds of its width.
    /// </summary>
    public void Observe(WorkDone total, int serverCount, int least, int most, long nowMilliseconds)
    {
        var hasWaitedOn = nowMilliseconds - _lookedMilliseconds <= 3 * WindowMilliseconds;
        _lookedMilliseconds = nowMilliseconds;
        Servers = Math.Max(Servers, least);
        if (!hasWaitedOn)
        {
            // Nobody has waited in between.
            _restedMilliseconds = _busyMilliseconds;
            GoBack();
            Begin(total, nowMilliseconds);
            return;
        }

        var done = total - _last;
        var elapsed = nowMilliseconds - _sinceMilliseconds;
        if (elapsed < WindowMilliseconds || (done.Transactions < EnoughTransactions && elapsed < SlowWindowMilliseconds))
        {
            return;
        }

        Begin(total, nowMilliseconds);
        _busyMilliseconds += elapsed;
        if (done.Transactions < EnoughTransactions || done.RunMicroseconds > done.Transactions * LongMicroseconds || (done.Alone > done.Transactions / 4 && done.Alone > done.Pipelined))
        {
            // These take long, or are served one by one, and wait for servers.
            GoBack();
            Servers = Math.Max(Servers, Math.Min(serverCount + 1, most));
        }
        else if (done.Pipelined < done.Transactions / 4)
        {
            // Nearly all found a server free: how long they took says nothing of the width.
        }
        else if (IsTrying && serverCount != Servers && ++_settling < MaxSettlingWindows)
        {
            Restart();
        }
        else
        {
            _measured += done;
            if (++_windows >= Windows)
            {
                Judge(least, most, nowMilliseconds);
            }
        }
    }

    private void Judge(int least, int most, long now)
    {
        var cost = _measured.MicrosecondsEach;
        Restart();
        if (!IsTrying)
        {
            if (_busyMilliseconds >= _nextTrialMilliseconds && _busyMilliseconds - _restedMilliseconds >= SteadyMilliseconds)
            {
                Try(cost, least, most, now);
            }
        }
        else if (cost <= _costBefore * (_isUpwards ? WorthMore : NotWorse))
        {
            _before = 0;
            _failures = 0;
            _pauseMilliseconds = MinPauseMilliseconds;
            Try(cost, least, most, now);
        }
        else
        {
            GoBack();
            Fail();
        }
    }

    private void Try(double cost, int least, int most, long now)
    {
        var next = Math.Clamp(_isUpwards ? Servers * 2 : Math.Min(Servers, most) / 2, least, Math.Max(Servers, most));
        if (next == Servers)
        {
            Fail();
            return;
        }

        _narrowedMilliseconds = _isUpwards ? _narrowedMilliseconds : now;
        _before = Servers;
        _costBefore = cost;
        _settling = 0;
        Servers = next;
    }

    // The other direction is next; where neither is of use, after a longer rest each time.
    private void Fail()
    {
        _isUpwards = !_isUpwards;
        if (++_failures >= 2)
        {
            _pauseMilliseconds = Math.Min(_pauseMilliseconds * 2, MaxPauseMilliseconds);
        }

        _nextTrialMilliseconds = _busyMilliseconds + (_failures == 1 ? 0 : _pauseMilliseconds);
    }

    private void GoBack()
    {
        if (IsTrying)
        {
            Servers = _before;
            _before = 0;
        }

        Restart();
    }

    private void Begin(WorkDone total, long now)
    {
        _last = total;
        _sinceMilliseconds = now;
    }

    private void Restart()
    {
        _measured = default;
        _windows = 0;
    }
}
