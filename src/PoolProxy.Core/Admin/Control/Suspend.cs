using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Control;

/// <summary>SUSPEND, refused: it is a step of PgBouncer's restart by take-over.</summary>
internal sealed class Suspend : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "SUSPEND";

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request) =>
        Failed(ConsoleErrors.ConsoleCommandUnsupported(Name, "PAUSE lets every transaction end and closes the servers."));
}
