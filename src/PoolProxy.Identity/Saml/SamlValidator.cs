using System.Xml;
using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Saml;

/// <summary>
/// Judges a SAML 2.0 assertion that a client shows as proof of who it is (RFC 7522 §3): form, issuer, signature, confirmation, conditions, subject, in this order. Never throws, whatever the bytes. That an assertion counts once is for
/// the caller to see to: <see cref="SamlVerdict.Accepted"/> says by what name and how long.
/// </summary>
public static class SamlValidator
{
    /// <summary>The longest <c>ID</c>, in characters.</summary>
    public const int MaxIdCharacters = 256;

    /// <summary>Whether a token has the form of one: base64 of XML.</summary>
    public static bool HasForm(ReadOnlySpan<byte> token) => SamlReader.HasForm(token);

    /// <summary>Judges.</summary>
    /// <param name="token">The assertion, base64 or base64url.</param>
    /// <param name="policies">The identity providers, by their issuer.</param>
    /// <param name="now">The time.</param>
    public static SamlVerdict Validate(ReadOnlySpan<byte> token, IReadOnlyDictionary<string, SamlPolicy> policies, DateTimeOffset now)
    {
        if (!SamlReader.TryRead(token, out XmlDocument? document, out TokenRefusal refusal))
        {
            return new SamlVerdict.Refused(refusal);
        }

        XmlElement root = document.DocumentElement!;
        if (root is not { LocalName: "Assertion", NamespaceURI: SamlNames.Assertion })
        {
            return new SamlVerdict.Refused(TokenRefusal.SamlNotAnAssertion);
        }

        if (root.GetAttribute("Version") != "2.0" || SamlElements.OnlyText(root, "Issuer") is not { } issuer)
        {
            return new SamlVerdict.Refused(TokenRefusal.SamlMalformed);
        }

        if (!policies.TryGetValue(issuer, out SamlPolicy? policy))
        {
            return new SamlVerdict.Refused(TokenRefusal.IssuerUnknown);
        }

        if (token.Length > policy.Issuer.MaxTokenBytes)
        {
            return new SamlVerdict.Refused(TokenRefusal.TooLong, policy.Issuer.Name);
        }

        return SamlSignature.Check(root, policy) is { } unsigned ? new SamlVerdict.Refused(unsigned, policy.Issuer.Name) : JudgeSigned(root, policy, now);
    }

    private static SamlVerdict JudgeSigned(XmlElement root, SamlPolicy policy, DateTimeOffset now)
    {
        string id = root.GetAttribute("ID");
        string? subject = null;
        SamlVerdict Refuse(TokenRefusal reason) => new SamlVerdict.Refused(reason, policy.Issuer.Name, subject, id);
        if (SamlElements.Only(root, "Subject") is not { } subjectElement || SamlElements.OnlyText(subjectElement, "NameID") is not { Length: > 0 } name)
        {
            return Refuse(TokenRefusal.SubjectMissing);
        }

        if (name.Length > TokenValidator.MaxSubjectCharacters || name.Any(char.IsControl))
        {
            return Refuse(TokenRefusal.SubjectMalformed);
        }

        subject = name;
        if (!SamlElements.TryReadTime(root, "IssueInstant", out DateTimeOffset? issuedAt) || issuedAt is null)
        {
            return Refuse(TokenRefusal.DateMalformed);
        }

        if (issuedAt > now + policy.Issuer.ClockSkew)
        {
            return Refuse(TokenRefusal.IssuedInFuture);
        }

        if (SamlConditions.Check(root, policy, now, out DateTimeOffset conditionsEnd) is { } condition)
        {
            return Refuse(condition);
        }

        if (SamlConfirmation.Check(subjectElement, policy, now, out DateTimeOffset confirmationEnd) is { } confirmation)
        {
            return Refuse(confirmation);
        }

        DateTimeOffset useBy = conditionsEnd < confirmationEnd ? conditionsEnd : confirmationEnd;
        if (SamlStatements.TryRead(root, subject, policy.Issuer.Issuer, out ClaimSet? claims, out DateTimeOffset? sessionEnd) is { } statement)
        {
            return Refuse(statement);
        }

        DateTimeOffset end = sessionEnd ?? useBy;
        if (now - policy.Issuer.ClockSkew >= end)
        {
            return Refuse(TokenRefusal.Expired);
        }

        if (policy.Issuer.MaxLifetime > TimeSpan.Zero && end - issuedAt > policy.Issuer.MaxLifetime)
        {
            return Refuse(TokenRefusal.LifetimeTooLong);
        }

        return new SamlVerdict.Accepted(
            new VerifiedToken
            {
                Policy = policy.Issuer,
                Subject = subject,
                TokenId = id,
                ExpiresAt = end,

                // It counts once: no verdict about it may be used again.
                ReusableUntil = DateTimeOffset.MinValue,
                IssuedAt = issuedAt,
                CertificateThumbprint = null,
                Claims = claims!,
                Key = null,
            },
            useBy + policy.Issuer.ClockSkew);
    }
}
