using System.Collections.Frozen;
using PoolProxy.Identity.Saml;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Authentication.Saml;

/// <summary>Judges assertions by the providers of one RELOAD, and lets each count once. Any thread; takes as long as a signature check.</summary>
internal sealed class SamlDesk(IReadOnlyList<SamlPolicy> policies, UsedAssertions used)
{
    private readonly FrozenDictionary<string, SamlPolicy> _byIssuer = policies.ToFrozenDictionary(policy => policy.Issuer.Issuer, StringComparer.Ordinal);

    /// <summary>Whether it is an assertion's business at all: there are providers, and the token has the form of one.</summary>
    public bool IsFor(ReadOnlySpan<byte> token) => _byIssuer.Count > 0 && SamlValidator.HasForm(token);

    /// <summary>Accepted, by which it is used up, or refused.</summary>
    public TokenVerdict Judge(ReadOnlySpan<byte> token, DateTimeOffset now)
    {
        var verdict = SamlValidator.Validate(token, _byIssuer, now);
        if (verdict is not SamlVerdict.Accepted { Token: var proven, RememberUntil: var until })
        {
            var refused = (SamlVerdict.Refused)verdict;
            return new TokenVerdict.Refused(refused.Reason, refused.Issuer, refused.Subject, refused.TokenId);
        }

        return used.TryUse(proven.Policy.Name, proven.TokenId!, until, now) switch
        {
            UsedAssertion.First => new TokenVerdict.Accepted(proven),
            UsedAssertion.Before => new TokenVerdict.Refused(TokenRefusal.SamlUsed, proven.Policy.Name, proven.Subject, proven.TokenId),
            _ => new TokenVerdict.Refused(TokenRefusal.SamlMemoryFull, proven.Policy.Name, proven.Subject, proven.TokenId),
        };
    }
}
