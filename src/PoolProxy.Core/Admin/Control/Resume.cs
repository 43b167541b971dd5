using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin.Control;

/// <summary>RESUME [db]: takes back SUSPEND, PAUSE and KILL. Without a name it takes back those of single databases too, where PgBouncer wants each by its name.</summary>
internal sealed class Resume : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "RESUME";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var (view, database) = (request.View, request.Argument);
        if (database.Length == 0 && view.Shared.Suspension.IsOn && !view.Shared.IsShuttingDown)
        {
            await view.Shared.Suspension.EndAsync();
            return ConsoleAnswer.Done(Name);
        }

        var isPaused = database.Length == 0
            ? view.Pools.IsPaused || view.Pools.Databases.Any(limit => limit.IsPaused)
            : view.Pools.FindDatabase(database) is { IsPaused: true };
        var error = view.Shared.IsShuttingDown ? ConsoleErrors.PoolerShuttingDown
            : CheckDatabase(request, "resume") ?? (isPaused ? null : database.Length == 0 ? ConsoleErrors.NotPaused : ConsoleErrors.DatabaseNotPaused(database));
        if (error is not null)
        {
            return ConsoleAnswer.Failed(error);
        }

        await PauseSwitch.SetAsync(view.Shared, database.Length == 0 ? null : database, isPaused: false);
        return ConsoleAnswer.Done(Name);
    }
}
