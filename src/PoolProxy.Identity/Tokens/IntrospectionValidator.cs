using System.Text.Json;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Tokens;

/// <summary>
/// Judges what an issuer answered about a token (RFC 7662 §2.2) by the same policy as a signed one: audience, subject and times have to be there and to be right,
/// also where the RFC leaves them out at will. Never throws, whatever the bytes.
/// </summary>
public static class IntrospectionValidator
{
    /// <param name="answer">The answer's body; the caller bounds its length.</param>
    /// <param name="policy">The policy of the issuer that was asked.</param>
    /// <param name="now">The time.</param>
    /// <param name="ttl">How long the answer may be used again, if the token does not expire before.</param>
    public static TokenVerdict Validate(ReadOnlyMemory<byte> answer, IssuerPolicy policy, DateTimeOffset now, TimeSpan ttl)
    {
        if (!ClaimSet.TryRead(answer, out ClaimSet? claims) || !claims.TryFind(ClaimPath.AtRoot("active"), out JsonElement active)
            || active.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            return new TokenVerdict.Refused(TokenRefusal.IntrospectionMalformed, policy.Name);
        }

        // The rest of such an answer means nothing.
        if (active.ValueKind == JsonValueKind.False)
        {
            return new TokenVerdict.Refused(TokenRefusal.Inactive, policy.Name);
        }

        if (claims.TryFind(ClaimPath.AtRoot("iss"), out _) && claims.FindText("iss") != policy.Issuer)
        {
            return new TokenVerdict.Refused(TokenRefusal.IssuerUnknown, policy.Name);
        }

        // RFC 6749 §5.1: any case. Another type would need another proof than showing the token.
        if (claims.TryFind(ClaimPath.AtRoot("token_type"), out _) && !"bearer".Equals(claims.FindText("token_type"), StringComparison.OrdinalIgnoreCase))
        {
            return new TokenVerdict.Refused(TokenRefusal.WrongType, policy.Name);
        }

        TokenVerdict verdict = TokenValidator.JudgeClaims(claims, policy, key: null, now);
        return verdict is TokenVerdict.Accepted { Token: var token }
            ? new TokenVerdict.Accepted(token with { ReusableUntil = Earlier(token.ExpiresAt, now + ttl) })
            : verdict;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
