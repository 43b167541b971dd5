using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Control;

/// <summary>A command that changes something: for administrators, and logged.</summary>
internal abstract class ControlCommand : ConsoleCommand
{
    /// <inheritdoc/>
    public override ConsoleAccess Needs => ConsoleAccess.Admin;

    /// <inheritdoc/>
    public override bool IsLogged => true;

    /// <summary>Done at once.</summary>
    protected Task<ConsoleAnswer> Done() => Task.FromResult(ConsoleAnswer.Done(Name));

    /// <summary>Refused.</summary>
    protected static Task<ConsoleAnswer> Failed(ProxyError error) => Task.FromResult(ConsoleAnswer.Failed(error));

    /// <summary>Null where the argument names a database there is (or, empty, means all); else the error. <paramref name="verb"/> is PgBouncer's.</summary>
    protected static ProxyError? CheckDatabase(ConsoleRequest request, string verb) =>
        request.Argument.Length == 0 ? null
        : request.Argument is ConsoleView.ConsoleName or "poolproxy" ? ConsoleErrors.NotForConsole(verb, request.Argument)
        : request.View.Services.Routes.Plan.Database(request.Argument) is null ? ConsoleErrors.ConsoleNoSuchDatabase(request.Argument)
        : null;
}
