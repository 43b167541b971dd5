using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Tokens;

/// <summary>What is asked of one issuer's tokens: the part of <c>[issuers.NAME]</c> that needs no network. Immutable.</summary>
public sealed record IssuerPolicy
{
    /// <summary>The issuer's name in the configuration: what rules, logs and identities call it.</summary>
    public required string Name { get; init; }

    /// <summary>What <c>iss</c> must be, byte for byte (RFC 8725 §3.8).</summary>
    public required string Issuer { get; init; }

    /// <summary>One of these must be in <c>aud</c>; at least one.</summary>
    public required IReadOnlyList<string> Audiences { get; init; }

    /// <summary>The names that <c>alg</c> may have (RFC 8725 §3.1). Names without a <see cref="Keys.SignatureAlgorithm"/> never count.</summary>
    public IReadOnlyList<string> Algorithms { get; init; } = ["RS256", "ES256"];

    /// <summary>What <c>typ</c> must be one of, without <c>application/</c>, in any case; then it is required. Empty takes JWT, at+jwt or none.</summary>
    public IReadOnlyList<string> RequiredTypes { get; init; } = [];

    /// <summary>How far the issuer's clock may be off in <c>exp</c>, <c>nbf</c> and <c>iat</c>.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest <c>exp - iat</c> (<c>exp</c> - now where there is no <c>iat</c>); zero is unlimited.</summary>
    public TimeSpan MaxLifetime { get; init; }

    /// <summary>How long a session may live on behind <c>exp</c>.</summary>
    public TimeSpan ExpiryGrace { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest token, in bytes.</summary>
    public int MaxTokenBytes { get; init; } = 16 * 1024;

    /// <summary>Tokens that are not bound to a client certificate are refused.</summary>
    public bool RequiresBinding { get; init; }

    /// <summary>The claims that SQL may see: <see cref="Claims.ClaimSet.TryExpose"/>.</summary>
    public IReadOnlyList<string> ExposedClaims { get; init; } = ["sub", "email", "preferred_username", "groups", "role", "acr", "amr"];

    /// <summary>The claim that holds limits of the token's own (<see cref="Rules.ClaimedLimits"/>); null: none does.</summary>
    public ClaimPath? LimitsClaim { get; init; }

    /// <summary>The claims that may hold the person's own name; the first that the token has counts.</summary>
    public IReadOnlyList<string> NameClaims { get; init; } = ["preferred_username", "email", "sub"];
}
