using System.Globalization;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin.Control;

/// <summary>KILL_CLIENT id: ends the client with that id in SHOW CLIENTS.</summary>
internal sealed class KillClient : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "KILL_CLIENT";

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (!long.TryParse(request.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return Failed(ProxyErrors.InvalidClientId);
        }

        // Not a console, this one least of all: its answer would have nowhere to go.
        if (!request.View.Services.Clients.TryFind(id, out var client) || client.State is not (ClientState.Active or ClientState.Waiting))
        {
            return Failed(ProxyErrors.ClientNotFound);
        }

        client.End(ProxyErrors.KilledByAdministrator);
        return Done();
    }
}
