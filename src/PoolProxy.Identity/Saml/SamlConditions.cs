using System.Xml;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Saml;

/// <summary>When and for whom an assertion counts: <c>Conditions</c> (SAML core §2.5).</summary>
internal static class SamlConditions
{
    /// <summary>The fault, or null with the end of the assertion's time.</summary>
    public static TokenRefusal? Check(XmlElement assertion, SamlPolicy policy, DateTimeOffset now, out DateTimeOffset end)
    {
        end = default;
        if (SamlElements.Only(assertion, "Conditions") is not { } conditions)
        {
            return TokenRefusal.AudienceMissing;
        }

        if (!SamlElements.TryReadTime(conditions, "NotBefore", out DateTimeOffset? notBefore) || !SamlElements.TryReadTime(conditions, "NotOnOrAfter", out DateTimeOffset? notOnOrAfter))
        {
            return TokenRefusal.DateMalformed;
        }

        if (notOnOrAfter is null)
        {
            return TokenRefusal.ExpiryMissing;
        }

        end = notOnOrAfter.Value;
        if (now - policy.Issuer.ClockSkew >= end)
        {
            return TokenRefusal.Expired;
        }

        if (notBefore > now + policy.Issuer.ClockSkew)
        {
            return TokenRefusal.NotYetValid;
        }

        return CheckAudience(conditions, policy);
    }

    private static TokenRefusal? CheckAudience(XmlElement conditions, SamlPolicy policy)
    {
        bool isRestricted = false;
        foreach (XmlElement condition in conditions.ChildNodes.OfType<XmlElement>())
        {
            switch (condition.NamespaceURI == SamlNames.Assertion ? condition.LocalName : "")
            {
                case "AudienceRestriction":
                    // All restrictions must hold, each by one of its audiences.
                    isRestricted = true;
                    if (!SamlElements.Children(condition).Any(audience => audience.LocalName == "Audience" && SamlElements.Text(audience) is { Length: > 0 } text && policy.Issuer.Audiences.Contains(text)))
                    {
                        return TokenRefusal.AudienceWrong;
                    }

                    break;
                case "OneTimeUse" or "ProxyRestriction":
                    // Every assertion counts once here, and none is passed on.
                    break;
                default:
                    // §2.5.1.1: what is not understood makes the whole assertion's validity unknown.
                    return TokenRefusal.SamlConditionUnknown;
            }
        }

        return isRestricted ? null : TokenRefusal.AudienceMissing;
    }
}
