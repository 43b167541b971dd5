using PoolProxy.Core.Admin.Results;

namespace PoolProxy.Core.Admin.Control;

/// <summary>RECONNECT [db]: every server is replaced, free ones now, the others when their client lets go.</summary>
internal sealed class Reconnect : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "RECONNECT";

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (CheckDatabase(request, "reconnect") is { } error)
        {
            return Failed(error);
        }

        foreach (var pool in request.View.PoolsOf(request.Argument).ToArray())
        {
            pool.Reconnect();
        }

        return Done();
    }
}
