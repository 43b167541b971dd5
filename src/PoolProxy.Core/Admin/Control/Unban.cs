using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Control;

/// <summary>UNBAN 'name': lifts the ban of an address, an identity or an issuer as SHOW BANS names it, and forgets its failures. UNBAN ALL lifts every one.</summary>
internal sealed class Unban : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "UNBAN";

    /// <inheritdoc/>
    public override bool TakesLiteral => true;

    /// <inheritdoc/>
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (request.Argument.Length == 0)
        {
            return Failed(ConsoleErrors.NameToUnbanRequired);
        }

        var isAll = request.Argument.Equals("all", StringComparison.OrdinalIgnoreCase);
        return request.View.Shared.Guard.Unban(isAll ? null : request.Argument) > 0 || isAll ? Done() : Failed(ConsoleErrors.NotBanned(request.Argument));
    }
}
