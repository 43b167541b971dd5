using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin.Control;

/// <summary>KILL [db]: ends every client and every server at once, and leaves the databases paused: new clients wait for RESUME.</summary>
internal sealed class Kill : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "KILL";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var (view, database) = (request.View, request.Argument);
        var error = view.Pools.IsPaused || view.Shared.Suspension.IsOn ? ConsoleErrors.AlreadyPaused : CheckDatabase(request, "kill");
        if (error is not null)
        {
            return ConsoleAnswer.Failed(error);
        }

        await PauseSwitch.SetAsync(view.Shared, database.Length == 0 ? null : database, isPaused: true);
        foreach (var pool in view.Pools.Of(database))
        {
            // A server on its way between two loops is in nobody's list: it is closed where it arrives.
            pool.Outdate();
        }

        await view.Shared.OnEachAsync(services => EndAll(services, database));
        return ConsoleAnswer.Done(Name);
    }

    private static void EndAll(FrontendServices services, string database)
    {
        foreach (var client in services.Clients.All.Where(client => client.Pool is { } pool && (database.Length == 0 || pool.Key.Database == database)).ToArray())
        {
            client.End(ProxyErrors.KilledByAdministrator);
        }

        foreach (var pool in services.Routes.Pools.Of(database))
        {
            pool.Upkeep.RejectAll(ProxyErrors.KilledByAdministrator);
            pool.Upkeep.CloseAll(CloseReason.Administrator);
        }
    }
}
