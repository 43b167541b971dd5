using PoolProxy.Core.Errors;
using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Admin.Control;

/// <summary>What REVOKE and UNREVOKE have in common: an order in words.</summary>
internal abstract class RevocationCommand(IReadOnlyList<RevocationWord> words) : ControlCommand
{
    /// <summary>The order, its issuer by its name in the configuration; null with an error where it is none.</summary>
    protected RevocationEntry? Read(ConsoleRequest request, out ProxyError? error)
    {
        var now = request.View.Services.Loop.Time.GetUtcNow();
        if (!RevocationText.TryRead(words, now, request.View.Shared.Revocations.UntilByDefault(now), out var entry, out var fault))
        {
            error = ConsoleErrors.InvalidRevocation(fault);
            return null;
        }

        error = null;
        if (entry.Key.Issuer.Length == 0)
        {
            return entry;
        }

        // By its URL too: that is what tokens and their issuers' pages show.
        var issuer = request.View.Control.Tokens?.Issuers.FirstOrDefault(known => known.Policy.Name == entry.Key.Issuer || known.Policy.Issuer == entry.Key.Issuer);
        if (issuer is null)
        {
            error = ConsoleErrors.UnknownIssuer(entry.Key.Issuer);
            return null;
        }

        return entry with { Key = entry.Key with { Issuer = issuer.Policy.Name } };
    }
}
