using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// SUSPEND over all loops, from <see cref="Begin"/> until <see cref="EndAsync"/>, as PgBouncer has it:
/// 1. nothing more is read of clients, those of replication among them, and no deadline is met (<see cref="Loops.Standstill"/>);
/// 2. who logs in, or waits for a server with what he has sent, is seen through; servers are read for that long, half of suspend_timeout at most;
/// 3. nothing more is read of servers, and everybody is to take what was sent.
/// Who has not come to rest within suspend_timeout is ended. The console goes on. Begun and ended from any loop; each sees to its own connections.
/// </summary>
internal sealed class Suspension(SharedServices shared, TimeProvider time)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    // The id of the console's client that asked, which are above zero; 0 while nothing is suspended.
    private long _owner;

    /// <summary>Everything stands still.</summary>
    public bool IsOn => Interlocked.Read(ref _owner) != 0;

    /// <summary>Told when it ends, whoever ended it: the listeners go on.</summary>
    public Func<Task>? Ended { get; set; }

    /// <summary>The console's client of that id asks for it.</summary>
    public void Begin(long clientId) => Interlocked.Exchange(ref _owner, clientId);

    /// <summary>
    /// Stops reading everywhere and waits until all is at rest, <paramref name="timeout"/> at most (zero: without end); then who is not is ended. False where it was ended meanwhile. The listeners
    /// are suspended before.
    /// </summary>
    public async Task<bool> RunAsync(TimeSpan timeout)
    {
        var start = time.GetTimestamp();
        while (IsOn)
        {
            var elapsed = time.GetElapsedTime(start);
            var isLate = timeout > TimeSpan.Zero && elapsed >= timeout;
            var busy = (await shared.AskEachAsync(services => HoldClients(services, isLate))).Sum();
            if (busy == 0 || (timeout > TimeSpan.Zero && elapsed >= timeout / 2))
            {
                busy += (await shared.AskEachAsync(services => HoldServers(services, isLate))).Sum();
            }

            if (busy == 0)
            {
                return IsOn;
            }

            await Task.Delay(LookInterval, time);
        }

        return false;
    }

    /// <summary>RESUME: connections are read again. Does nothing where nothing is suspended.</summary>
    public async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _owner, 0) == 0)
        {
            return;
        }

        await shared.OnEachAsync(static services =>
        {
            foreach (var connection in services.Clients.All.Select(client => client.Connection).Concat(ServersOf(services)).ToArray())
            {
                connection.Unsuspend();
            }

            services.Loop.Standstill.End();
        });
        await (Ended?.Invoke() ?? Task.CompletedTask);
    }

    /// <summary>A client of the console has gone: nobody could say RESUME who knows of it.</summary>
    public Task ConsoleGoneAsync(long clientId) => Interlocked.Read(ref _owner) == clientId ? EndAsync() : Task.CompletedTask;

    /// <summary>On each loop, again and again: logins end meanwhile. Answers how many are to be seen through; <paramref name="isLate"/> ends them.</summary>
    private int HoldClients(FrontendServices services, bool isLate)
    {
        // RESUME has come in between, and has been here already: nobody would take this back.
        if (!IsOn)
        {
            return 0;
        }

        services.Loop.Standstill.Begin();
        var busy = 0;
        foreach (var client in services.Clients.All.ToArray())
        {
            if (IsServed(client))
            {
                client.Connection.Suspend();
            }

            if (client.State == ClientState.Waiting || (client.State == ClientState.Login && !client.IsCancelRequest && !client.IsTurnedAway))
            {
                busy++;
                EndIf(isLate, client);
            }
        }

        return busy;
    }

    /// <summary>The same for servers. Answers how many connections have not taken all that was sent; <paramref name="isLate"/> ends them.</summary>
    private int HoldServers(FrontendServices services, bool isLate)
    {
        if (!IsOn)
        {
            return 0;
        }

        foreach (var server in ServersOf(services))
        {
            server.Suspend();
        }

        var busy = 0;
        foreach (var client in services.Clients.All.Where(IsServed).ToArray())
        {
            if (HasBacklog(client.Connection) || (client.Replication is { } replication && HasBacklog(replication.Server.Connection)))
            {
                busy++;
                EndIf(isLate, client);
            }
        }

        foreach (var server in services.Routes.Pools.Pools.SelectMany(pool => pool.Servers).ToArray())
        {
            if (HasBacklog(server.Connection))
            {
                busy++;
                if (isLate)
                {
                    server.Close(CloseReason.Administrator);
                }
            }
        }

        return busy;
    }

    private static bool IsServed(ClientSession client) => client.State is ClientState.Active or ClientState.Waiting or ClientState.Replicating;

    private static Connection[] ServersOf(FrontendServices services) =>
        [.. services.Routes.Pools.Pools.SelectMany(pool => pool.Servers.Select(server => server.Connection).Concat(pool.Dedicated.Select(server => server.Connection)))];

    private static bool HasBacklog(Connection connection)
    {
        connection.Flush();
        return connection.BacklogBytes > 0;
    }

    private static void EndIf(bool isLate, ClientSession client)
    {
        if (isLate)
        {
            client.End(ProxyErrors.SuspendTimeout);
        }
    }
}
