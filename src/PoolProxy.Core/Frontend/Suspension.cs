using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Transport;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// SUSPEND over all loops: connections of clients and servers are not read, logins and the console's excepted, from <see cref="Begin"/> until <see cref="EndAsync"/>.
/// Begun and ended from any loop; each sees to its own connections.
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
    /// Stops reading everywhere and waits until every connection has sent what it had, <paramref name="timeout"/> at most (zero: without end); then those that have not are
    /// closed, and so are logins. False where it was ended meanwhile.
    /// </summary>
    public async Task<bool> RunAsync(TimeSpan timeout)
    {
        var start = time.GetTimestamp();
        while (IsOn)
        {
            var isLate = timeout > TimeSpan.Zero && time.GetElapsedTime(start) >= timeout;
            if ((await shared.AskEachAsync(services => Suspend(services, isLate))).Sum() == 0)
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

        await shared.OnEachAsync(static services => ForEach(services, static connection => connection.Unsuspend()));
        await (Ended?.Invoke() ?? Task.CompletedTask);
    }

    /// <summary>A client of the console has gone: nobody could say RESUME who knows of it.</summary>
    public Task ConsoleGoneAsync(long clientId) => Interlocked.Read(ref _owner) == clientId ? EndAsync() : Task.CompletedTask;

    /// <summary>On each loop, again and again: logins end meanwhile. Answers how many connections are not at rest.</summary>
    private static int Suspend(FrontendServices services, bool isLate)
    {
        var active = 0;
        foreach (var client in services.Clients.All.ToArray())
        {
            if (client.State == ClientState.Login && isLate)
            {
                client.End(ProxyErrors.SuspendTimeout);
            }
            else if (client.State is ClientState.Active or ClientState.Waiting)
            {
                client.Connection.Suspend();
                client.Connection.Flush();
                active += client.Connection.BacklogBytes > 0 ? 1 : 0;
                if (isLate && client.Connection.BacklogBytes > 0)
                {
                    client.Finish(RelayOutcome.Administrator);
                }
            }
        }

        foreach (var server in services.Routes.Pools.Pools.SelectMany(pool => pool.Servers).ToArray())
        {
            server.Connection.Suspend();
            server.Connection.Flush();
            active += server.Connection.BacklogBytes > 0 ? 1 : 0;
            if (isLate && server.Connection.BacklogBytes > 0)
            {
                server.Close(CloseReason.Administrator);
            }
        }

        return active;
    }

    private static void ForEach(FrontendServices services, Action<Connection> action)
    {
        foreach (var connection in services.Clients.All.Select(client => client.Connection).Concat(services.Routes.Pools.Pools.SelectMany(pool => pool.Servers).Select(server => server.Connection)).ToArray())
        {
            action(connection);
        }
    }
}
