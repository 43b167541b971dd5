using System.Diagnostics;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Carries out, on one loop, what a pool's state decides:
/// 1. a server of this loop for a client of this loop: granted, here and now;
/// 2. a server of another loop: its loop is asked to hand it over, since only that may touch it;
/// 3. a server of this loop for a client of another: it is detached and posted, and granted on arrival. If the waiter has left meanwhile the
///    server goes to the next; if the server is lost on the way the waiter is first in the queue again.
/// Never runs inside itself: a grant may release at once.
/// </summary>
internal sealed class PoolDispatch(Pool pool, PoolDirectory directory)
{
    private bool _isMoreDue;

    /// <summary>A grant is being carried out: what comes free meanwhile is dealt with after it.</summary>
    public bool IsRunning { get; private set; }

    private Loop Loop => pool.Loop;

    /// <summary>Serves waiters while there are servers, then sees to more servers.</summary>
    public void Run()
    {
        Loop.AssertCurrent();
        _isMoreDue = true;
        if (!IsRunning)
        {
            RunAll();
        }
    }

    /// <summary>The same from any thread; on another's at its next turn.</summary>
    public void RunSoon()
    {
        if (Loop.IsCurrent)
        {
            Run();
        }
        else
        {
            Loop.Post(static state => ((PoolDispatch)state!).Run(), this);
        }
    }

    /// <summary>Carries out an answer that is known already, then what it has led to.</summary>
    public void Continue(in PoolAnswer answer)
    {
        if (IsRunning)
        {
            _isMoreDue = true;
        }
        else if (answer.Kind != PoolAnswerKind.Wait)
        {
            // A grant settles the matter. Anything else may leave more to do.
            _isMoreDue = answer.Kind != PoolAnswerKind.Grant;
            IsRunning = true;
            try
            {
                CarryOut(in answer);
            }
            finally
            {
                IsRunning = false;
            }

            if (_isMoreDue)
            {
                RunAll();
            }
            else
            {
                pool.Pipeline.Board();
            }
        }
    }

    private void RunAll()
    {
        IsRunning = true;
        try
        {
            while (_isMoreDue)
            {
                _isMoreDue = false;
                while (pool.State.Decide(Loop) is { Kind: not PoolAnswerKind.Wait } answer && CarryOut(in answer))
                {
                }
            }
        }
        finally
        {
            IsRunning = false;
        }

        pool.Pipeline.Board();
    }

    // False: nothing came of it, so asking again at once would be in vain.
    private bool CarryOut(in PoolAnswer answer)
    {
        switch (answer.Kind)
        {
            case PoolAnswerKind.Grant when answer.Server!.Loop == Loop:
                HandOver(answer.Server, answer.Waiter!, answer.Ticket);
                return true;
            case PoolAnswerKind.Grant:
                OnLoopOf(answer.Server!, (answer.Server!, answer.Waiter!, answer.Ticket), static (dispatch, promise) => dispatch.HandOver(promise.Item1, promise.Item2, promise.Item3));
                return true;
            case PoolAnswerKind.Check:
                OnLoopOf(answer.Server!, answer.Server!, static (dispatch, server) => dispatch.Check(server));
                return true;
            case PoolAnswerKind.Evict:
                OnLoopOf(answer.Server!, answer.Server!, static (_, server) => server.Close(CloseReason.Evicted));
                return true;
            case PoolAnswerKind.MakeRoom:
                return directory.TryMakeRoom(pool.State, answer.Limit!);
            case PoolAnswerKind.Open:
                if (answer.IsReserve)
                {
                    pool.Log.ReserveTaken(pool.Key.ToString());
                }

                Loop.Run(static state => ((PoolOpening)state!).RunAsync(), new PoolOpening(pool, directory, answer.Epoch));
                return true;
            default:
                throw new UnreachableException();
        }
    }

    private void Check(ServerConnection server) => pool.Check(server);

    // On the server's loop, by this or a later turn of it.
    private void OnLoopOf<T>(ServerConnection server, T state, Action<PoolDispatch, T> action)
    {
        var owner = ((Pool)server.Owner).Dispatch;
        if (owner == this)
        {
            action(this, state);
        }
        else
        {
            owner.Loop.Post(
                static item =>
                {
                    var (dispatch, run, argument) = ((PoolDispatch, Action<PoolDispatch, T>, T))item!;
                    run(dispatch, argument);
                },
                (owner, action, state));
        }
    }

    /// <summary>A server of this loop, promised to somebody.</summary>
    private void HandOver(ServerConnection server, WaiterNode waiter, long ticket)
    {
        Loop.AssertCurrent();
        if (server.IsClosed)
        {
            PutBack(waiter, ticket);
        }
        else if (waiter.Home == pool)
        {
            Deliver(server, waiter, ticket);
        }
        else if (server.IsMovable)
        {
            pool.LetMove(server);
            server.MoveTo(
                waiter.Home,
                waiter.Home.Loop,
                static (arrived, state) =>
                {
                    var (waiter, ticket) = ((WaiterNode, long))state!;
                    waiter.Home.TakeUp(arrived);
                    waiter.Home.Dispatch.Deliver(arrived, waiter, ticket);
                },
                (waiter, ticket));
        }
        else
        {
            // Something decrypted waits to be looked at, or the engine is not done with a send: not this turn.
            Loop.Defer(
                static state =>
                {
                    var (dispatch, server, waiter, ticket) = ((PoolDispatch, ServerConnection, WaiterNode, long))state!;
                    dispatch.HandOver(server, waiter, ticket);
                },
                (this, server, waiter, ticket));
        }
    }

    // First in the queue again, with its deadlines.
    private void PutBack(WaiterNode waiter, long ticket)
    {
        pool.State.PutBack(waiter, ticket);
        Run();
        var home = waiter.Home;
        if (home == pool)
        {
            pool.Janitor.Schedule();
        }
        else
        {
            home.Loop.Post(static janitor => ((PoolJanitor)janitor!).Schedule(), home.Janitor);
        }
    }

    /// <summary>The promised server is here, and so is the waiter, unless it has left meanwhile.</summary>
    private void Deliver(ServerConnection server, WaiterNode waiter, long ticket)
    {
        Loop.AssertCurrent();
        if (server.IsClosed)
        {
            PutBack(waiter, ticket);
            return;
        }

        if (waiter.Place != WaiterPlace.Promised || waiter.Ticket != ticket)
        {
            pool.Free(server);
            return;
        }

        if (server.State != ServerState.Active)
        {
            pool.State.Move(server, ServerState.Active);
            pool.Stats.MovedCount++;
        }

        server.HasServed |= !waiter.Waiter.OnlyLooks;
        waiter.Place = WaiterPlace.Out;
        waiter.IsQueued = false;
        pool.Stats.ServerAssignmentCount++;
        pool.Stats.AloneCount++;
        pool.Stats.Waited(Loop.NowMilliseconds - waiter.SinceMilliseconds, waiter.Waiter.IsLoggingIn);
        waiter.Waiter.Granted(server);
    }
}
