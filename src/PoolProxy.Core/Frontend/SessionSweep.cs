using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Looks at every session of one loop and ends those that have to go, some in a turn, so that the loop goes on serving the others meanwhile. Whoever comes
/// while it is under way is not looked at: what it looks for has to be asked about at the login too.
/// </summary>
internal sealed class SessionSweep
{
    /// <summary>Sessions looked at in one turn: some 2 microseconds each at most.</summary>
    private const int LooksPerTurn = 512;

    /// <summary>Sessions ended in one turn: some 50 microseconds each, with TLS and a cancel.</summary>
    private const int EndsPerTurn = 32;

    private readonly FrontendServices _services;
    private readonly Func<ClientSession, ProxyError?> _verdict;
    private readonly TaskCompletionSource<int> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ClientSession[] _sessions;
    private int _next;
    private int _ended;

    private SessionSweep(FrontendServices services, Func<ClientSession, ProxyError?> verdict)
    {
        _services = services;
        _verdict = verdict;
        _sessions = [.. services.Clients.All];
    }

    /// <summary>Ends, on every loop, each session that <paramref name="verdict"/> has words for; answers how many. Any thread; the verdict is asked on the session's loop.</summary>
    public static async Task<int> RunAsync(SharedServices shared, Func<ClientSession, ProxyError?> verdict)
    {
        var sweeps = await shared.AskEachAsync(services => Begin(services, verdict));
        var ended = await Task.WhenAll(sweeps);
        return ended.Sum();
    }

    private static Task<int> Begin(FrontendServices services, Func<ClientSession, ProxyError?> verdict)
    {
        var sweep = new SessionSweep(services, verdict);
        sweep.Step();
        return sweep._done.Task;
    }

    private void Step()
    {
        var (looks, ends) = (LooksPerTurn, EndsPerTurn);
        while (_next < _sessions.Length && looks > 0 && ends > 0)
        {
            looks--;
            var session = _sessions[_next++];
            if (session.State is not (ClientState.Login or ClientState.Gone) && _verdict(session) is { } error)
            {
                session.End(error);
                ends--;
                _ended++;
            }
        }

        if (_next < _sessions.Length)
        {
            _services.Loop.Post(static sweep => ((SessionSweep)sweep!).Step(), this);
        }
        else
        {
            _done.SetResult(_ended);
        }
    }
}
