using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Access;

/// <summary>An access that was given. Only its state and what hangs on that change, by <see cref="AccessBook"/>, under its lock. Holds nothing of any token's text.</summary>
internal sealed class AccessGrant
{
    /// <summary><c>jti</c> of the credential.</summary>
    public required string Id { get; init; }

    /// <summary>Who asked: the issuer's configured name.</summary>
    public required string Issuer { get; init; }

    /// <summary>Who asked: <c>sub</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The startup users that the credential may come with: the role, and the person's own names.</summary>
    public required IReadOnlyList<string> Users { get; init; }

    public required string Database { get; init; }

    public required string Role { get; init; }

    /// <summary>Why, in the caller's words; empty where none was asked for.</summary>
    public required string Reason { get; init; }

    /// <summary>The policy as it was when the access was asked for.</summary>
    public required AccessPolicy Policy { get; init; }

    /// <summary>How long a session may last, from when the credential is issued.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>What SQL sees of the token that was shown: canonical JSON.</summary>
    public required string ExposedClaims { get; init; }

    /// <summary>What the token that was shown can be revoked by.</summary>
    public required TokenFacts Facts { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Until when its one login may begin, once there is a credential.</summary>
    public DateTimeOffset UseBy { get; set; }

    /// <summary>When a session that it has opened ends; before there is a credential, when the wait for one ends.</summary>
    public required DateTimeOffset EndsAt { get; set; }

    /// <summary>Who has approved; null for nobody.</summary>
    public string? ApprovedBy { get; set; }

    public AccessState State { get; set; }
}
