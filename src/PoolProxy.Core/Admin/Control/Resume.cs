using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin.Control;

/// <summary>RESUME [db]: takes back PAUSE and KILL. Without a name it takes back those of single databases too, where PgBouncer wants each by its name.</summary>
internal sealed class Resume : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "RESUME";

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var (view, database) = (request.View, request.Argument);
        var isPaused = database.Length == 0
            ? view.Pools.IsPaused || view.Pools.Databases.Values.Any(limit => limit.IsPaused)
            : view.Pools.Databases.TryGetValue(database, out var limit) && limit.IsPaused;
        var error = view.Services.IsShuttingDown ? ProxyErrors.PoolerShuttingDown
            : CheckDatabase(request, "resume") ?? (isPaused ? null : database.Length == 0 ? ProxyErrors.NotPaused : ProxyErrors.DatabaseNotPaused(database));
        if (error is not null)
        {
            return Failed(error);
        }

        PauseSwitch.Set(view.Services.Routes, database.Length == 0 ? null : database, isPaused: false);
        return Done();
    }
}
