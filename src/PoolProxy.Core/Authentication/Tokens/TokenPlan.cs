using System.Collections.Frozen;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>All that judging a token needs, as of one RELOAD. Immutable, swapped whole, read once a login.</summary>
internal sealed class TokenPlan
{
    public TokenPlan(IReadOnlyList<PlannedIssuer> issuers, RuleBook rules)
    {
        Issuers = issuers;
        Rules = rules;
        ByIssuer = issuers.ToFrozenDictionary(issuer => issuer.Policy.Issuer, StringComparer.Ordinal);
        Introspecting = issuers.FirstOrDefault(issuer => issuer.Introspector is not null);
        Hits = [.. rules.Rules.Select(_ => new RuleHits())];
        MaxTokenBytes = issuers.Select(issuer => issuer.Policy.MaxTokenBytes).DefaultIfEmpty(0).Max();
    }

    /// <summary>The issuers in the configuration's order.</summary>
    public IReadOnlyList<PlannedIssuer> Issuers { get; }

    /// <summary>The issuers by what <c>iss</c> must be.</summary>
    public FrozenDictionary<string, PlannedIssuer> ByIssuer { get; }

    /// <summary>The one issuer that is asked about opaque tokens; null for none.</summary>
    public PlannedIssuer? Introspecting { get; }

    /// <summary>The rules.</summary>
    public RuleBook Rules { get; }

    /// <summary>How often each rule has decided, in their order.</summary>
    public IReadOnlyList<RuleHits> Hits { get; }

    /// <summary>The longest token that any issuer may send: the bound before the issuer is known.</summary>
    public int MaxTokenBytes { get; }
}
