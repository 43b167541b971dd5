using System.Collections.Frozen;
using System.Text;
using PoolProxy.Core.Authentication.Introspection;
using PoolProxy.Core.Authentication.Saml;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>All that judging a token needs, as of one RELOAD. Immutable, swapped whole, read once a login.</summary>
internal sealed class TokenPlan
{
    // The longest prefix first, and the one without any last.
    private readonly PlannedIssuer[] _introspecting;

    public TokenPlan(IReadOnlyList<PlannedIssuer> issuers, RuleBook rules, SamlDesk? saml = null)
    {
        Saml = saml ?? new SamlDesk([], new UsedAssertions());
        Issuers = issuers;
        Rules = rules;
        ByIssuer = issuers.ToFrozenDictionary(issuer => issuer.Policy.Issuer, StringComparer.Ordinal);
        Hits = [.. rules.Rules.Select(_ => new RuleHits())];
        _introspecting = [.. issuers.Where(issuer => issuer.Introspector is not null).OrderByDescending(issuer => issuer.Introspector!.Question.Prefix.Length)];
        MaxTokenBytes = issuers.Select(issuer => issuer.Policy.MaxTokenBytes).DefaultIfEmpty(0).Max();
    }

    /// <summary>The issuers in the configuration's order.</summary>
    public IReadOnlyList<PlannedIssuer> Issuers { get; }

    /// <summary>The issuers by what <c>iss</c> must be.</summary>
    public FrozenDictionary<string, PlannedIssuer> ByIssuer { get; }

    /// <summary>Judges SAML assertions.</summary>
    public SamlDesk Saml { get; }

    /// <summary>The rules.</summary>
    public RuleBook Rules { get; }

    /// <summary>How often each rule has decided, in their order.</summary>
    public IReadOnlyList<RuleHits> Hits { get; }

    /// <summary>The longest token that any issuer may send: the bound before the issuer is known.</summary>
    public int MaxTokenBytes { get; }

    /// <summary>Who is asked about an opaque token; null for nobody. Only one ever is: the token is a secret of that issuer's.</summary>
    /// <param name="token">The token.</param>
    /// <param name="byPrefixOnly">Only issuers whose tokens are known by how they begin.</param>
    public Introspector? FindIntrospector(ReadOnlySpan<byte> token, bool byPrefixOnly)
    {
        foreach (var issuer in _introspecting)
        {
            var question = issuer.Introspector!.Question;
            if (question.Prefix.Length == 0 ? !byPrefixOnly : BeginsWith(token, question.Prefix))
            {
                return (question.TakesAnything ? OpaqueToken.IsVisible(token) : OpaqueToken.HasForm(token)) ? issuer.Introspector : null;
            }
        }

        return null;
    }

    private static bool BeginsWith(ReadOnlySpan<byte> token, string prefix) => token.Length >= prefix.Length && Ascii.Equals(token[..prefix.Length], prefix);
}
