using System.Text.Json;
using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Keys;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Revocation;

/// <summary>
/// Judges a security event token (RFC 8417; SSF 1.0 §10.1) like a token of its issuer: <c>typ</c> has to be <c>secevent+jwt</c>, the algorithm one of the issuer's, the
/// signature its key's, <c>aud</c> ours; <c>jti</c> and <c>iat</c> have to be there, and <c>exp</c> need not. Never throws for anything that a token can hold.
/// </summary>
public static class SecurityEventValidator
{
    /// <summary>How old one may be: transmitters try again for a while, and what is repeated later is somebody else's doing.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    /// <summary>Judges it.</summary>
    /// <param name="token">A well-formed token.</param>
    /// <param name="policy">The issuer whose transmitter it came from.</param>
    /// <param name="audience">What <c>aud</c> has to hold.</param>
    /// <param name="keys">The issuer's keys.</param>
    /// <param name="now">The time.</param>
    public static SecurityEventVerdict Validate(UnverifiedToken token, IssuerPolicy policy, string audience, KeySet keys, DateTimeOffset now)
    {
        if (token.Issuer != policy.Issuer)
        {
            return Refuse(SecurityEventFault.InvalidIssuer, "the issuer is not the one that this transmitter speaks for");
        }

        // RFC 8417 §2.3: the type keeps an event from being taken for a token that opens something, and the other way round.
        if (token.Header.Type is not { } type || !MediaType.AreEqual(type, "secevent+jwt"))
        {
            return Refuse(SecurityEventFault.InvalidRequest, "typ is not secevent+jwt");
        }

        if (SignatureAlgorithm.Find(token.Header.Algorithm) is not { } algorithm || !policy.Algorithms.Contains(algorithm.Name))
        {
            return Refuse(SecurityEventFault.InvalidKey, "the algorithm is not one of the issuer's");
        }

        KeyLookup lookup = keys.Find(token.Header.KeyId, algorithm);
        if (lookup.Status == KeyLookupStatus.Unknown)
        {
            return new SecurityEventVerdict.KeyUnknown(token.Header.KeyId);
        }

        if (lookup.Key is not { } key || !key.Verify(algorithm, token.SigningInput.Span, token.Signature))
        {
            return Refuse(SecurityEventFault.InvalidKey, "the signature is not the issuer's");
        }

        return JudgeClaims(token.Claims, policy, audience, now);
    }

    /// <summary>A refusal.</summary>
    public static SecurityEventVerdict Refuse(SecurityEventFault fault, string description) => new SecurityEventVerdict.Refused(fault, description);

    private static SecurityEventVerdict JudgeClaims(ClaimSet claims, IssuerPolicy policy, string audience, DateTimeOffset now)
    {
        if (!IsFor(claims, audience))
        {
            return Refuse(SecurityEventFault.InvalidAudience, "aud does not hold this receiver's name");
        }

        if (claims.FindText("jti") is not { Length: > 0 and <= TokenValidator.MaxSubjectCharacters } tokenId)
        {
            return Refuse(SecurityEventFault.InvalidRequest, "jti is missing or too long");
        }

        if (!TryFindDate(claims, "iat", out DateTimeOffset issuedAt) || issuedAt > now + policy.ClockSkew || issuedAt < now - MaxAge)
        {
            return Refuse(SecurityEventFault.InvalidRequest, "iat is missing, in the future, or more than a day old");
        }

        if (claims.TryFind(ClaimPath.AtRoot("exp"), out _) && (!TryFindDate(claims, "exp", out DateTimeOffset expiry) || expiry <= now - policy.ClockSkew))
        {
            return Refuse(SecurityEventFault.InvalidRequest, "exp has passed");
        }

        return SecurityEventReader.Read(claims, policy, tokenId, issuedAt, now);
    }

    private static bool IsFor(ClaimSet claims, string audience) =>
        claims.TryFind(ClaimPath.AtRoot("aud"), out JsonElement found)
        && (found.ValueKind == JsonValueKind.String ? found.ValueEquals(audience)
            : found.ValueKind == JsonValueKind.Array && found.EnumerateArray().Any(element => element.ValueKind == JsonValueKind.String && element.ValueEquals(audience)));

    private static bool TryFindDate(ClaimSet claims, string name, out DateTimeOffset date)
    {
        date = default;
        return claims.TryFind(ClaimPath.AtRoot(name), out JsonElement value) && NumericDate.TryRead(value, out date);
    }
}
