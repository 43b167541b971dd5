using System.Globalization;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin.Control;

/// <summary>KILL_CLIENT id: ends the client with that id in SHOW CLIENTS, one of the console as in PgBouncer; whoever names himself hears of his end instead of an answer.</summary>
internal sealed class KillClient : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "KILL_CLIENT";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (!long.TryParse(request.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return ConsoleAnswer.Failed(ConsoleErrors.InvalidClientId);
        }

        var found = await request.View.Shared.AskEachAsync(services => TryEnd(services, id));
        return Array.Exists(found, isFound => isFound) ? ConsoleAnswer.Done(Name) : ConsoleAnswer.Failed(ConsoleErrors.ClientNotFound);
    }

    // Not a login: who has not come in yet is not in PgBouncer's lists either.
    private static bool TryEnd(FrontendServices services, long id)
    {
        if (services.Clients.FindById(id) is not { } client || client.State is not (ClientState.Active or ClientState.Waiting or ClientState.Replicating or ClientState.Console))
        {
            return false;
        }

        client.End(ProxyErrors.KilledByAdministrator);
        return true;
    }
}
