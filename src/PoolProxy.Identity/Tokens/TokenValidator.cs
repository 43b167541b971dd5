using System.Text.Json;
using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Keys;

namespace PoolProxy.Identity.Tokens;

/// <summary>
/// Judges a well-formed token against its issuer's policy and keys (RFC 8725 §3). Costs one signature check (about 25 us for RS256, 65 us for
/// ES256), so callers run it on a worker. Never throws for anything that a token can hold.
/// </summary>
public static class TokenValidator
{
    /// <summary>The longest <c>sub</c> and <c>jti</c>, in characters.</summary>
    public const int MaxSubjectCharacters = 1024;

    /// <summary>
    /// 1. The header fits the policy. 2. The one key. 3. The signature. Only then are claims looked at: a refusal may name the subject,
    /// because it is proven. 4. Times. 5. Audience. 6. Subject. 7. What it is bound to.
    /// </summary>
    /// <param name="token">A token whose <see cref="UnverifiedToken.Issuer"/> picked <paramref name="policy"/>.</param>
    /// <param name="policy">The issuer's policy.</param>
    /// <param name="keys">The issuer's keys.</param>
    /// <param name="now">The time.</param>
    public static TokenVerdict Validate(UnverifiedToken token, IssuerPolicy policy, KeySet keys, DateTimeOffset now)
    {
        if (token.Issuer != policy.Issuer)
        {
            return new TokenVerdict.Refused(TokenRefusal.IssuerUnknown);
        }

        if (token.LengthBytes > policy.MaxTokenBytes)
        {
            return new TokenVerdict.Refused(TokenRefusal.TooLong, policy.Name);
        }

        if (CheckHeader(token.Header, policy, out SignatureAlgorithm? algorithm) is { } headerRefusal)
        {
            return new TokenVerdict.Refused(headerRefusal, policy.Name);
        }

        KeyLookup lookup = keys.Find(token.Header.KeyId, algorithm!);
        if (lookup.Status == KeyLookupStatus.Unknown)
        {
            return new TokenVerdict.KeyUnknown(policy.Name, token.Header.KeyId);
        }

        if (lookup.Key is not { } key)
        {
            return new TokenVerdict.Refused(
                lookup.Status == KeyLookupStatus.Mismatch ? TokenRefusal.KeyMismatch : TokenRefusal.KeyAmbiguous, policy.Name);
        }

        return key.Verify(algorithm!, token.SigningInput.Span, token.Signature)
            ? JudgeClaims(token.Claims, policy, key, now)
            : new TokenVerdict.Refused(TokenRefusal.SignatureInvalid, policy.Name);
    }

    private static TokenRefusal? CheckHeader(TokenHeader header, IssuerPolicy policy, out SignatureAlgorithm? algorithm)
    {
        algorithm = SignatureAlgorithm.Find(header.Algorithm);
        if (algorithm is null)
        {
            return TokenRefusal.AlgorithmUnsupported;
        }

        if (!policy.Algorithms.Contains(algorithm.Name))
        {
            return TokenRefusal.AlgorithmNotAllowed;
        }

        // Without a rule, types that mean something else (a logout or security event token of the same issuer) are still refused.
        bool isRightType = policy.RequiredTypes.Count > 0
            ? header.Type is not null && policy.RequiredTypes.Any(type => MediaType.AreEqual(type, header.Type))
            : header.Type is null || MediaType.AreEqual(header.Type, "JWT") || MediaType.AreEqual(header.Type, "at+jwt");
        return isRightType ? null : TokenRefusal.WrongType;
    }

    /// <summary>Steps 4 to 7; <paramref name="key"/> is null where the issuer itself has said what the token means.</summary>
    internal static TokenVerdict JudgeClaims(ClaimSet claims, IssuerPolicy policy, VerificationKey? key, DateTimeOffset now)
    {
        TokenRefusal? subjectFault = CheckName(claims, "sub", out string? subject);
        TokenRefusal? tokenIdFault = CheckName(claims, "jti", out string? tokenId);
        TokenRefusal? timeFault = CheckTimes(claims, policy, now, out DateTimeOffset expiresAt, out DateTimeOffset? issuedAt);
        TokenRefusal? confirmationFault = TokenConfirmation.TryRead(claims, out string? thumbprint);
        TokenRefusal? fault = subjectFault ?? tokenIdFault ?? timeFault ?? CheckAudience(claims, policy) ?? confirmationFault;
        if (fault is null && subject is null)
        {
            fault = TokenRefusal.SubjectMissing;
        }

        if (fault is null && thumbprint is null && policy.RequiresBinding)
        {
            fault = TokenRefusal.ConfirmationMissing;
        }

        if (fault is { } reason)
        {
            return new TokenVerdict.Refused(reason, policy.Name, subject, tokenId);
        }

        return new TokenVerdict.Accepted(new VerifiedToken
        {
            Policy = policy,
            Subject = subject!,
            TokenId = tokenId,
            ExpiresAt = expiresAt,
            ReusableUntil = expiresAt,
            IssuedAt = issuedAt,
            CertificateThumbprint = thumbprint,
            Claims = claims,
            Key = key,
        });
    }

    // sub and jti stand in logs and lists: bounded, and nothing in them that could forge a line.
    private static TokenRefusal? CheckName(ClaimSet claims, string name, out string? text)
    {
        text = null;
        if (!claims.TryFind(ClaimPath.AtRoot(name), out JsonElement value))
        {
            return null;
        }

        string? found = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (found is not { Length: > 0 and <= MaxSubjectCharacters } || found.Any(char.IsControl))
        {
            return TokenRefusal.SubjectMalformed;
        }

        text = found;
        return null;
    }

    private static TokenRefusal? CheckTimes(
        ClaimSet claims, IssuerPolicy policy, DateTimeOffset now, out DateTimeOffset expiresAt, out DateTimeOffset? issuedAt)
    {
        issuedAt = null;
        expiresAt = default;
        if (!TryReadDate(claims, "exp", out DateTimeOffset? exp) || !TryReadDate(claims, "nbf", out DateTimeOffset? nbf)
            || !TryReadDate(claims, "iat", out issuedAt))
        {
            return TokenRefusal.DateMalformed;
        }

        if (exp is null)
        {
            return TokenRefusal.ExpiryMissing;
        }

        // RFC 7519 §4.1.4: "the current date/time MUST be before the expiration". Skew is taken from now: exp may be the last date there is.
        expiresAt = exp.Value;
        if (now - policy.ClockSkew >= expiresAt)
        {
            return TokenRefusal.Expired;
        }

        if (nbf > now + policy.ClockSkew)
        {
            return TokenRefusal.NotYetValid;
        }

        if (issuedAt > now + policy.ClockSkew)
        {
            return TokenRefusal.IssuedInFuture;
        }

        return policy.MaxLifetime > TimeSpan.Zero && expiresAt - (issuedAt ?? now) > policy.MaxLifetime ? TokenRefusal.LifetimeTooLong : null;
    }

    private static bool TryReadDate(ClaimSet claims, string name, out DateTimeOffset? date)
    {
        date = null;
        if (!claims.TryFind(ClaimPath.AtRoot(name), out JsonElement value))
        {
            return true;
        }

        bool isDate = NumericDate.TryRead(value, out DateTimeOffset read);
        date = isDate ? read : null;
        return isDate;
    }

    private static TokenRefusal? CheckAudience(ClaimSet claims, IssuerPolicy policy)
    {
        if (!claims.TryFind(ClaimPath.AtRoot("aud"), out JsonElement audience))
        {
            return TokenRefusal.AudienceMissing;
        }

        // RFC 7519 §4.1.3: one string, or an array of them.
        if (audience.ValueKind == JsonValueKind.String)
        {
            return IsOurs(audience, policy) ? null : TokenRefusal.AudienceWrong;
        }

        if (audience.ValueKind != JsonValueKind.Array || audience.EnumerateArray().Any(element => element.ValueKind != JsonValueKind.String))
        {
            return TokenRefusal.AudienceMalformed;
        }

        return audience.EnumerateArray().Any(element => IsOurs(element, policy)) ? null : TokenRefusal.AudienceWrong;
    }

    private static bool IsOurs(JsonElement audience, IssuerPolicy policy) =>
        policy.Audiences.Any(ours => ours.Length > 0 && audience.ValueEquals(ours));
}
