using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin.Control;

/// <summary>
/// KILL IDENTITY 'sub' [ISSUER 'name']: ends every session of that subject, in the console too, with what it is running. Later logins are not refused: that is
/// REVOKE. A subject without a session is no error.
/// </summary>
internal sealed class KillIdentity(string subject, string? issuer) : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "KILL IDENTITY";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        var name = issuer;
        if (issuer is not null && (name = request.View.Control.Tokens?.Issuers.FirstOrDefault(known => known.Policy.Name == issuer || known.Policy.Issuer == issuer)?.Policy.Name) is null)
        {
            return ConsoleAnswer.Failed(ConsoleErrors.UnknownIssuer(issuer));
        }

        var ended = await SessionSweep.RunAsync(request.View.Shared, session => Is(session, name) && !ReferenceEquals(session, request.Session) ? ProxyErrors.KilledByAdministrator : null);
        return ConsoleAnswer.Done(Name, ConsoleErrors.SessionsEnded(ended));
    }

    private bool Is(ClientSession session, string? name) =>
        session.Proof is { } proof && (proof.Subject == subject || (proof.Issuer.Length == 0 && session.User == subject)) && (name is null || proof.Issuer == name);
}
