using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Admin.Control;

/// <summary>
/// REVOKE jti | sub | sid | issuer | before '…': nobody covered by it logs in or begins anything from here on, and who is in is ended before this is answered,
/// whoever gives the order included. 53400 where the list is full.
/// </summary>
internal sealed class Revoke(IReadOnlyList<RevocationWord> words) : RevocationCommand(words)
{
    /// <inheritdoc/>
    public override string Name => "REVOKE";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (Read(request, out var error) is not { } entry)
        {
            return ConsoleAnswer.Failed(error!);
        }

        var revocations = request.View.Shared.Revocations;
        return await revocations.RevokeAsync(entry with { Source = "console" }) is { } ended
            ? ConsoleAnswer.Done(Name, ConsoleErrors.SessionsEnded(ended, await revocations.SaveAsync()))
            : ConsoleAnswer.Failed(ConsoleErrors.TooManyRevocations(revocations.Registry.MaxEntries));
    }
}
