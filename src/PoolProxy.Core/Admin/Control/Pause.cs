using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Admin.Control;

/// <summary>PAUSE [db]: nobody gets a server any more, and servers are closed as they come free. Answers when none is left; clients wait meanwhile.</summary>
internal sealed class Pause : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "PAUSE";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var (view, database) = (request.View, request.Argument);
        var error = view.Pools.IsPaused || view.Shared.Suspension.IsOn ? ConsoleErrors.AlreadyPaused : CheckDatabase(request, "pause");
        if (error is not null)
        {
            return ConsoleAnswer.Failed(error);
        }

        await PauseSwitch.SetAsync(view.Shared, database.Length == 0 ? null : database, isPaused: true);
        await ServerWatch.UntilAsync(view.Services.Loop, view.Pools.News, () => !IsPaused(view, database) || view.Pools.Of(database).All(pool => pool.ServerCount == 0 && pool.Database.ServerCount == 0));
        return IsPaused(view, database) ? ConsoleAnswer.Done(Name) : ConsoleAnswer.Failed(ConsoleErrors.PauseUndone);
    }

    private static bool IsPaused(ConsoleView view, string database) => database.Length == 0 ? view.Pools.IsPaused : view.Pools.Database(database).IsPaused;
}
