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
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var (view, database) = (request.View, request.Argument);
        var error = view.Pools.IsPaused ? ProxyErrors.AlreadyPaused : CheckDatabase(request, "kill");
        if (error is not null)
        {
            return Failed(error);
        }

        PauseSwitch.Set(view.Services.Routes, database.Length == 0 ? null : database, isPaused: true);
        foreach (var client in view.Services.Clients.All.Where(client => client.Relay is { } relay && (database.Length == 0 || relay.Route.Pool.Key.Database == database)).ToArray())
        {
            client.End(ProxyErrors.KilledByAdministrator);
        }

        foreach (var pool in view.PoolsOf(database).ToArray())
        {
            pool.RejectAll(ProxyErrors.KilledByAdministrator);
            pool.CloseAll(CloseReason.Administrator);
        }

        return Done();
    }
}
