using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Admin.Control;

/// <summary>WAIT_CLOSE [db]: answers when every server that RECONNECT or RELOAD wants replaced is gone.</summary>
internal sealed class WaitClose : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "WAIT_CLOSE";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var (view, database) = (request.View, request.Argument);
        if (CheckDatabase(request, "wait in") is { } error)
        {
            return ConsoleAnswer.Failed(error);
        }

        await ServerWatch.UntilAsync(view.Services.Loop, view.Pools.News, () => view.Pools.Of(database).All(pool => pool.OutdatedCount == 0));
        return ConsoleAnswer.Done(Name);
    }
}
