using System.Diagnostics;

namespace PoolProxy.Load.Driver;

/// <summary>A client that connects, logs in, asks one query, leaves, and comes back at once. What is timed ends with the query's answer.</summary>
internal sealed class StormClient : Client
{
    private readonly Func<Credentials> _credentials;
    private readonly byte[] _query;
    private readonly Crowd _crowd;
    private long _started;

    /// <param name="loop">Its loop.</param>
    /// <param name="target">Where it connects.</param>
    /// <param name="credentials">Asked each time it comes back; the user and the database stay the same.</param>
    /// <param name="query">What it asks.</param>
    /// <param name="crowd">What it shares with the others.</param>
    public StormClient(ClientLoop loop, Target target, Func<Credentials> credentials, byte[] query, Crowd crowd)
        : base(loop, target, credentials())
    {
        _credentials = credentials;
        _query = query;
        _crowd = crowd;
    }

    /// <summary>Connects.</summary>
    public void Begin()
    {
        _crowd.Busy++;
        Credentials = _credentials();
        _started = Stopwatch.GetTimestamp();
        Open();
    }

    protected override void OnLoggedIn() => Send(_query);

    protected override void OnReadyForQuery()
    {
        _crowd.Window.Add(Stopwatch.GetTimestamp() - _started);
        Leave();
    }

    protected override void OnClosed()
    {
        _crowd.Busy--;
        if (!_crowd.IsEnding)
        {
            Begin();
        }
    }
}
