using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin.Control;

/// <summary>SHUTDOWN [WAIT_FOR_SERVERS | WAIT_FOR_CLIENTS]: at once the answer is the end of the connection, as in PgBouncer.</summary>
internal sealed class Shutdown : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "SHUTDOWN";

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        ShutdownMode? mode = request.Argument.ToUpperInvariant() switch
        {
            "" => ShutdownMode.Immediate,
            "WAIT_FOR_SERVERS" => ShutdownMode.WaitForServers,
            "WAIT_FOR_CLIENTS" => ShutdownMode.WaitForClients,
            _ => null,
        };
        if (mode is not { } known)
        {
            return Failed(ConsoleErrors.InvalidCommand($"{Name} {request.Argument}"));
        }

        request.View.Control.Shutdown(known);
        return known == ShutdownMode.Immediate ? Task.FromResult(ConsoleAnswer.Silent()) : Done();
    }
}
