using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Control;

/// <summary>
/// SUSPEND: nothing moves any more. Newcomers wait unaccepted, nothing is read of clients and servers, no timeout is met, and the answer comes when logins are over, nobody waits for a server and
/// everybody has taken what was sent; who has not after suspend_timeout is disconnected. RESUME goes on, and so does the end of the console that asked.
/// </summary>
internal sealed class Suspend : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "SUSPEND";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var view = request.View;
        if (request.Argument.Length > 0)
        {
            return ConsoleAnswer.Failed(ConsoleErrors.InvalidCommand($"{Name} {request.Argument}"));
        }

        if (view.Pools.IsPaused || view.Shared.Suspension.IsOn)
        {
            return ConsoleAnswer.Failed(ConsoleErrors.AlreadyPaused);
        }

        if (view.Pools.Databases.Any(database => database.IsPaused))
        {
            return ConsoleAnswer.Failed(ConsoleErrors.CannotSuspendPaused);
        }

        view.Shared.Suspension.Begin(request.Session.Id);
        await view.Control.Listeners.SuspendAsync(isSuspended: true);
        if (await view.Shared.Suspension.RunAsync(view.Proxy.SuspendTimeout))
        {
            return ConsoleAnswer.Done(Name);
        }

        // RESUME may have come before the listeners were told.
        await view.Control.Listeners.SuspendAsync(view.Shared.Suspension.IsOn);
        return ConsoleAnswer.Failed(ConsoleErrors.SuspendUndone);
    }
}
