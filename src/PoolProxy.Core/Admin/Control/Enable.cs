using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Control;

/// <summary>ENABLE db: takes back DISABLE.</summary>
internal sealed class Enable : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "ENABLE";

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var error = request.Argument.Length == 0 ? ConsoleErrors.DatabaseRequired : CheckDatabase(request, "enable");
        if (error is not null)
        {
            return Failed(error);
        }

        request.View.Pools.Database(request.Argument).IsDisabled = false;
        return Done();
    }
}
