using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Control;

/// <summary>DISABLE db: new clients of the database are refused; those it has stay.</summary>
internal sealed class Disable : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "DISABLE";

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var error = request.Argument.Length == 0 ? ConsoleErrors.DatabaseRequired : CheckDatabase(request, "disable");
        if (error is not null)
        {
            return Failed(error);
        }

        request.View.Pools.Database(request.Argument).IsDisabled = true;
        return Done();
    }
}
