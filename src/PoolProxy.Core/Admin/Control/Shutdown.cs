using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin.Control;

/// <summary>
/// SHUTDOWN [WAIT_FOR_SERVERS | WAIT_FOR_CLIENTS]: at once the answer is the end of the connection, as in PgBouncer. From a process that SHOW FDS has sent the listening
/// sockets it means, in any form, that this one takes over.
/// </summary>
internal sealed class Shutdown : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "SHUTDOWN";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
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
            return ConsoleAnswer.Failed(ConsoleErrors.InvalidCommand($"{Name} {request.Argument}"));
        }

        var control = request.View.Control;
        if (await control.Listeners.HavePassedToAsync(request.Session.Id))
        {
            // PgBouncer's successors say plain SHUTDOWN, having taken clients along. These have stayed here: they are waited for.
            await request.View.Shared.Suspension.EndAsync();
            await control.HandOverAsync(request.Session.Connection.ReadPeerCredentials()?.ProcessId);
            return ConsoleAnswer.Last(Name);
        }

        control.Shutdown(known);
        return known == ShutdownMode.Immediate ? ConsoleAnswer.Silent() : ConsoleAnswer.Done(Name);
    }
}
