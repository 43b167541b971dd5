using PoolProxy.Core.Admin.Results;

namespace PoolProxy.Core.Admin.Control;

/// <summary>RECONNECT [db]: every server is replaced, free ones now, the others when their client lets go.</summary>
internal sealed class Reconnect : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "RECONNECT";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var (view, database) = (request.View, request.Argument);
        if (CheckDatabase(request, "reconnect") is { } error)
        {
            return ConsoleAnswer.Failed(error);
        }

        foreach (var pool in view.Pools.Of(database))
        {
            pool.Outdate();
        }

        await view.Shared.OnEachAsync(services =>
        {
            foreach (var pool in services.Routes.Pools.Of(database))
            {
                foreach (var host in pool.State.Hosts.Health.Where(host => host.GiveUp()))
                {
                    pool.Watch.Tell(host);
                }

                pool.Upkeep.CloseOutdated();
            }
        });
        return ConsoleAnswer.Done(Name);
    }
}
