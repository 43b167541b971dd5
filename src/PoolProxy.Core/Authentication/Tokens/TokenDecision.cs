using PoolProxy.Identity;
using PoolProxy.Identity.Revocation;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>What was decided about a login with a token. Holds nothing of the token's text.</summary>
internal sealed record TokenDecision
{
    /// <summary>How it ends.</summary>
    public required TokenOutcome Outcome { get; init; }

    /// <summary>The check that failed, for log, audit and metrics, never for the client before proof: a name of TokenRefusal or AccessRefusal. Null when accepted.</summary>
    public string? Reason { get; init; }

    /// <summary>The issuer's configured name; null while unknown.</summary>
    public string? Issuer { get; init; }

    /// <summary><c>sub</c>; only from a token whose signature was good.</summary>
    public string? Subject { get; init; }

    /// <summary><c>jti</c>; on the same condition, null where the token has none.</summary>
    public string? TokenId { get; init; }

    /// <summary>The number of the rule that matched, from 1; null where none did.</summary>
    public int? RuleNumber { get; init; }

    /// <summary>What makes clients the same identity; null unless accepted. Its role is empty in the console.</summary>
    public IdentityKey? Identity { get; init; }

    /// <summary>The role to run as; null unless accepted for a database.</summary>
    public string? Role => Identity is { Role.Length: > 0 } ? Identity.Role : null;

    /// <summary>What the rule opens of the console; for a login to a database it says nothing.</summary>
    public ConsoleRight Console { get; init; }

    /// <summary>What it takes to ask the rules again; null unless accepted by them.</summary>
    public JudgedLogin? Judged { get; init; }

    /// <summary>The database whose servers serve it; null is the one that was asked for.</summary>
    public string? Route { get; init; }

    /// <summary>The session's search_path to begin with; null leaves the servers' own.</summary>
    public string? SearchPath { get; init; }

    /// <summary>Of rule and token the stricter limits.</summary>
    public RuleLimits Limits { get; init; } = RuleLimits.None;

    /// <summary>When the session ends, whatever the token says; null for never.</summary>
    public DateTimeOffset? SessionEndsAt { get; init; }

    /// <summary><see cref="SessionEndsAt"/> is the end of the rule's hours, and not of <c>session_length</c>.</summary>
    public bool EndsByHours { get; init; }

    /// <summary><c>exp</c>; the least value unless accepted.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How long the session may outlive <see cref="ExpiresAt"/>: <c>token_expiry_grace</c>.</summary>
    public TimeSpan ExpiryGrace { get; init; }

    /// <summary>Refused because the issuer could not be asked: a good token would have been too.</summary>
    public bool IsIssuersFault { get; init; }

    /// <summary>What the session can be revoked by; null unless accepted.</summary>
    public TokenFacts? Facts { get; init; }

    /// <summary>The issuer was asked about the token, and has to be asked again after that time; null where its signature was proof enough.</summary>
    public TimeSpan? AskAgainAfter { get; init; }

    /// <summary>Whether the verdict came from the cache.</summary>
    public bool IsFromCache { get; init; }

    /// <summary>The SQLSTATE of the refusal; null when accepted.</summary>
    public string? SqlState => Outcome switch
    {
        TokenOutcome.RefusedUnproven => "28P01",
        TokenOutcome.RefusedProven => "28000",
        _ => null,
    };
}
