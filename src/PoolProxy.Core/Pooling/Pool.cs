using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Telemetry;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// A pool as one loop has it: the servers that live there and the way in for the clients that do. What is decided over all loops is asked of
/// <see cref="State"/> and carried out by <see cref="Dispatch"/>. Taking a free server is a synchronous step; whoever finds none waits in
/// order of arrival. Owned by one loop.
/// </summary>
internal sealed class Pool : IServerOwner
{
    private static readonly TimeSpan ExchangeDeadline = TimeSpan.FromSeconds(15);

    private readonly PoolDirectory _directory;
    private readonly HashSet<ServerConnection> _servers = [];

    public Pool(PoolDirectory directory, PoolState state)
    {
        _directory = directory;
        State = state;
        Dispatch = new PoolDispatch(this, directory);
        Pipeline = new PoolPipeline(this, _servers);
        var isFirst = state.Join(this);
        Janitor = new PoolJanitor(this, fills: isFirst);
        Watch = new PoolHostWatch(this, directory, checks: isFirst);
        Upkeep = new PoolUpkeep(this, _servers);
        Abandoned = new AbandonedStatements(this, directory.Opener);
        Janitor.Schedule();
        Watch.Schedule();
    }

    /// <summary>What the loops share of the pool.</summary>
    public PoolState State { get; }

    public PoolKey Key => State.Key;

    public PoolConfig Config => State.Config;

    public Loop Loop => _directory.Loop;

    public ILogger Log => _directory.Log;

    /// <summary>What happened here, on this loop.</summary>
    public PoolStats Stats { get; } = new();

    /// <summary>Clients of this loop logged in to this pool; kept by the frontend.</summary>
    public int ClientCount { get; set; }

    /// <summary>Cancels under way for servers of this loop; kept by the frontend.</summary>
    public int CancelsUnderWay { get; set; }

    /// <summary>Logins given up here because somebody had altered the login's own settings.</summary>
    public long TamperedLogins { get; internal set; }

    /// <summary>The servers that live on this loop, but those that are still logging in.</summary>
    public IReadOnlyCollection<ServerConnection> Servers => _servers;

    /// <summary>Connections of this loop that belong to one client each and are not among <see cref="Servers"/>.</summary>
    public HashSet<DedicatedServer> Dedicated { get; } = [];

    /// <summary>Ends what closed servers still run.</summary>
    public AbandonedStatements Abandoned { get; }

    /// <summary>What the administrator and RELOAD ask for.</summary>
    public PoolUpkeep Upkeep { get; }

    internal PoolDispatch Dispatch { get; }

    internal PoolJanitor Janitor { get; }

    internal PoolHostWatch Watch { get; }

    internal PoolPipeline Pipeline { get; }

    /// <summary>
    /// A free server at once, if nobody waits before: the one last dressed for the same wearer where there is one. Null: the caller
    /// waits (<see cref="Wait"/>).
    /// </summary>
    public ServerConnection? TryTake(object wearer)
    {
        Loop.AssertCurrent();
        var server = State.TryTake(wearer, Loop);
        if (server is not null)
        {
            Stats.ServerAssignmentCount++;
        }

        return server;
    }

    /// <summary>Queues the client, and opens or checks a server for it where the limits allow. May reject at once.</summary>
    public void Wait(IWaiter waiter)
    {
        Loop.AssertCurrent();
        var node = waiter.Node;
        node.IsNotified = false;
        node.SinceMilliseconds = Loop.NowMilliseconds;
        node.IsRiderSoon = Config.Pipelines && waiter.IsReadyToRide;
        if (!State.TryEnqueue(node, this))
        {
            waiter.Rejected(State.IsRetired ? ProxyErrors.DatabaseRemoved : State.Refusal ?? ProxyErrors.ServerLoginFailing);
            return;
        }

        node.IsQueued = true;
        Dispatch.Run();
        if (node.IsQueued)
        {
            Janitor.WaiterCame(node);
        }
    }

    /// <summary>A client has come in, or from another pool: where servers are logged in to as itself, min_pool_size is kept from now on.</summary>
    public void ClientCame()
    {
        Loop.AssertCurrent();
        if (State.IsBelowMinimum)
        {
            Janitor.Schedule();
        }
    }

    /// <summary>The client gives up waiting: it has left, or was ended.</summary>
    public void Leave(IWaiter waiter)
    {
        Loop.AssertCurrent();
        waiter.Node.IsQueued = false;
        State.Leave(waiter.Node);
    }

    /// <summary>
    /// The client is done with the server. It goes to the next, after a reset where the mode wants one; or is closed, for
    /// <paramref name="unfinished"/>, where it still owes something.
    /// </summary>
    public void Release(ServerConnection server, CloseReason unfinished = CloseReason.ClientLeftUnfinished)
    {
        Loop.AssertCurrent();
        if (server.IsClosed)
        {
            return;
        }

        Debug.Assert(server.Link is null, "parted before it is released");
        var conversation = server.Conversation;
        if (!conversation.IsQuiet || conversation.IsUncertain)
        {
            server.Close(unfinished);
        }
        else if (server.CancelsUnderWay > 0)
        {
            // The next client must not be hit by a cancel that was meant for this one.
            State.Move(server, ServerState.BeingCanceled);
        }
        else if (conversation.Status != TransactionStatus.Idle)
        {
            Ask(server, "ROLLBACK"u8, resetFollows: true);
        }
        else
        {
            ResetOrFree(server);
        }
    }

    /// <inheritdoc/>
    public void ServerClosed(ServerConnection server, CloseReason reason)
    {
        Loop.AssertCurrent();
        if (_servers.Remove(server))
        {
            State.Closed(server);
            if (Config.LogsDisconnections)
            {
                Log.ServerClosed(new ServerName(Key, server), reason.Text(), (Loop.NowMilliseconds - server.ConnectedMilliseconds) / 1000);
            }

            Abandoned.ServerClosed(server, reason);
            _directory.RoomMade(this);
            if (Config.Pipelines && State.WaiterCount > 0)
            {
                // There may be room for one more now, once somebody has waited for it.
                Janitor.Schedule();
            }
        }
    }

    /// <inheritdoc/>
    public void HostAnswered(ServerTarget target, HostNature nature)
    {
        var hosts = State.Hosts;
        if (hosts.IndexOf(target.Address) is >= 0 and var index && hosts.Answered(index, nature, Loop.NowMilliseconds))
        {
            Watch.Tell(hosts.Health[index]);
        }
    }

    /// <inheritdoc/>
    public void ServerSettled(ServerConnection server)
    {
        if (server.State == ServerState.BeingCanceled && server.CancelsUnderWay == 0)
        {
            Release(server);
        }
    }

    /// <inheritdoc/>
    public void ServerPassedOn(ServerConnection server) => Pipeline.Board();

    /// <summary>A check, reset or ROLLBACK went well.</summary>
    public void ExchangeDone(ServerConnection server)
    {
        Debug.Assert(server.State == ServerState.Tested, "only the pool's own exchanges end here");
        if (server.IsResetDue)
        {
            ResetOrFree(server);
        }
        else
        {
            server.IsChecked = true;
            Free(server);
        }
    }

    /// <summary>A server has come from its login, which began in <paramref name="epoch"/>.</summary>
    internal void Admit(ServerConnection server, int epoch)
    {
        _servers.Add(server);
        State.Admit(server, epoch);
        NoteWhereItIs(server);
        if (Config.LogsConnections)
        {
            Log.ServerOpened(new ServerName(Key, server), server.Connection.LocalEndPoint is { } local ? $" (from {local})" : "", server.Facts.ProcessId);
        }

        Free(server);
    }

    /// <summary>A server of this loop goes to another: from here on it is in nobody's list until it arrives.</summary>
    internal void LetMove(ServerConnection server) => _servers.Remove(server);

    /// <summary>A server has come from another loop.</summary>
    internal void TakeUp(ServerConnection server)
    {
        _servers.Add(server);
        NoteWhereItIs(server);
    }

    /// <summary>The server is as good as new: it goes to the first waiter, or is free.</summary>
    internal void Free(ServerConnection server)
    {
        var mayNarrow = State.Surplus > 0 && Pipeline.IsServed(without: server);
        var answer = State.Return(server, Loop, mayServe: !Dispatch.IsRunning, mayNarrow);
        if (answer.Kind == PoolAnswerKind.Close)
        {
            server.Close(server.IsLeaving ? CloseReason.NotNeeded : server.IsCloseNeeded || State.IsRetired || State.Database.IsPaused ? CloseReason.Administrator : CloseReason.LifetimeOver);
            return;
        }

        if (server.State == ServerState.Idle)
        {
            Janitor.ServerFreed(server);
            if (State.WaiterCount == 0)
            {
                _directory.SpareMade(this);
            }
        }

        Dispatch.Continue(answer);
    }

    /// <summary>server_check_query on a server that was unused for long.</summary>
    internal void Check(ServerConnection server)
    {
        if (!server.IsClosed)
        {
            Ask(server, Encoding.UTF8.GetBytes(Config.CheckQuery ?? ""), resetFollows: false);
        }
    }

    // What was told of its host or its name while it logged in or moved was told to those that were in the list.
    private void NoteWhereItIs(ServerConnection server) =>
        server.IsCloseNeeded |= (Config.ChoosesHosts && !State.Hosts.IsUsable(server.Target.Address))
            || (server.Connection.RemoteEndPoint is { } remote && _directory.States.HasLost(server.Target.Host, remote.Address));

    private void ResetOrFree(ServerConnection server)
    {
        var config = Config;
        server.IsResetDue = false;
        if (server.HasListened && !server.HasServedSession)
        {
            // The client's channels are kept elsewhere (Notifications); here they would only have PostgreSQL send what nobody takes.
            server.HasListened = false;
            Ask(server, "UNLISTEN *"u8, resetFollows: true);
            return;
        }

        if (config.ResetQuery.Length > 0 && (server.HasServedSession || config.ResetQueryAlways) && !State.IsOutOfUse(server, Loop))
        {
            // Whom it served is not forgotten: the administrator's query may leave things behind that only DISCARD ALL clears.
            server.IsDressIntact = false;
            server.HasServedSession = false;
            Ask(server, Encoding.UTF8.GetBytes(config.ResetQuery), resetFollows: false);
        }
        else
        {
            Free(server);
        }
    }

    private void Ask(ServerConnection server, ReadOnlySpan<byte> sql, bool resetFollows)
    {
        server.IsResetDue = resetFollows;
        State.Move(server, ServerState.Tested);
        server.Ask(new PoolExchange(this), sql, ExchangeDeadline);
    }
}
