using System.Diagnostics;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// A pool's servers as figures: how many are in which state, which are free, which epoch they are of. <see cref="Move"/> is the only writer
/// of a server's state, so the counts of SHOW POOLS cannot drift. Under the gate of the pool's state.
/// </summary>
internal sealed class PoolBooks
{
    private readonly int[] _counts = new int[(int)ServerState.Gone + 1];

    /// <summary>Free servers of all loops, the one that came free last at the end.</summary>
    public List<ServerConnection> Idle { get; } = [];

    /// <summary>All that count against the size: logging in, free, in use and on their way.</summary>
    public int ServerCount { get; private set; }

    /// <summary>How many of them there should be, where the pool pipelines.</summary>
    public PoolWidth Width { get; } = new();

    /// <summary>Logged in, and not about to be closed because the pool is wide enough without them.</summary>
    public int SettledCount => ServerCount - LoginCount - LeavingCount;

    /// <summary>Servers that are being closed because the pool is wide enough without them.</summary>
    public int LeavingCount { get; private set; }

    public int LoginCount => _counts[(int)ServerState.Login];

    /// <summary>Grows when all servers there are have to be replaced.</summary>
    public int Epoch { get; private set; }

    /// <summary>Servers of earlier epochs, logins under way among them.</summary>
    public int OutdatedCount { get; private set; }

    public int Count(ServerState state) => _counts[(int)state];

    /// <summary>Asked for at an admitted server only: one that logs in has no state but that.</summary>
    public void Move(ServerConnection server, ServerState state, long nowMilliseconds)
    {
        if (server.State != state)
        {
            _counts[(int)server.State]--;
            _counts[(int)state]++;
            server.State = state;
        }

        server.StateSinceMilliseconds = nowMilliseconds;
    }

    /// <summary>A place for a login that begins; given back by <see cref="RemoveLogin"/>, or kept by <see cref="Admit"/>.</summary>
    public void AddLogin()
    {
        _counts[(int)ServerState.Login]++;
        ServerCount++;
    }

    public void RemoveLogin(int epoch)
    {
        _counts[(int)ServerState.Login]--;
        Forget(epoch);
    }

    /// <summary>A server has come from its login, which began in <paramref name="epoch"/>.</summary>
    public void Admit(ServerConnection server, int epoch, long nowMilliseconds)
    {
        Debug.Assert(LoginCount > 0, "every login was counted");
        server.Epoch = epoch;
        server.IsCloseNeeded = epoch != Epoch;
        Move(server, ServerState.Tested, nowMilliseconds);
    }

    /// <summary>A server is closed.</summary>
    public void Remove(ServerConnection server, long nowMilliseconds)
    {
        if (server.State == ServerState.Idle)
        {
            Idle.Remove(server);
        }

        if (server.IsLeaving)
        {
            LeavingCount--;
        }

        Move(server, ServerState.Gone, nowMilliseconds);
        _counts[(int)ServerState.Gone]--;
        Forget(server.Epoch);
    }

    /// <summary>The pool is wide enough without it: it is closed by its loop.</summary>
    public void LetLeave(ServerConnection server)
    {
        server.IsLeaving = true;
        LeavingCount++;
    }

    /// <summary>Takes this free server out of reach, to be closed on its loop; false if somebody was faster.</summary>
    public bool TryWithdraw(ServerConnection server) => server.State == ServerState.Idle && Idle.Remove(server);

    /// <summary>Takes the free servers of one loop that <paramref name="choose"/> names out of reach, to be closed there.</summary>
    public void Withdraw(Loop loop, Func<ServerConnection, PoolBooks, bool> choose, List<ServerConnection> withdrawn)
    {
        for (var i = Idle.Count - 1; i >= 0; i--)
        {
            var server = Idle[i];
            if (server.Loop == loop && choose(server, this))
            {
                Idle.RemoveAt(i);
                withdrawn.Add(server);
            }
        }
    }

    /// <summary>From here on every server there is counts as outdated.</summary>
    public void Outdate()
    {
        Epoch++;
        OutdatedCount = ServerCount;
    }

    private void Forget(int epoch)
    {
        ServerCount--;
        if (epoch != Epoch)
        {
            OutdatedCount--;
        }
    }
}
