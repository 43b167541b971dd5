using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Keys;

namespace PoolProxy.Identity.Tokens;

/// <summary>A token whose signature, issuer, audience and times were good at the moment it was judged. Holds nothing of its text.</summary>
public sealed record VerifiedToken
{
    /// <summary>The issuer.</summary>
    public required IssuerPolicy Policy { get; init; }

    /// <summary><c>sub</c>: 1 to <see cref="TokenValidator.MaxSubjectCharacters"/> characters, no control characters.</summary>
    public required string Subject { get; init; }

    /// <summary><c>jti</c>; null where the token has none.</summary>
    public required string? TokenId { get; init; }

    /// <summary><c>exp</c>, without skew or grace.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Until when the verdict may be used again: <see cref="ExpiresAt"/>, or before that where the issuer was asked and has to be asked again.</summary>
    public required DateTimeOffset ReusableUntil { get; init; }

    /// <summary><c>iat</c>; null where the token has none.</summary>
    public required DateTimeOffset? IssuedAt { get; init; }

    /// <summary>
    /// The SHA-256 of the client certificate that the token is bound to, base64url (RFC 8705 §3.1); null where it is bound to none. Whoever shows the token has
    /// to have shown that certificate: this is asked at each login, for the verdict may be a remembered one.
    /// </summary>
    public required string? CertificateThumbprint { get; init; }

    /// <summary>All claims.</summary>
    public required ClaimSet Claims { get; init; }

    /// <summary>The key that signed it; null where the issuer was asked what it means.</summary>
    public required VerificationKey? Key { get; init; }
}
