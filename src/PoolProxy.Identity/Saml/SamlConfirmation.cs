using System.Xml;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Saml;

/// <summary>To whom and where an assertion may be shown: a bearer confirmation (SAML profiles §3.3, RFC 7522 §3 items 5 and 6).</summary>
internal static class SamlConfirmation
{
    /// <summary>Null where one of the subject's confirmations holds, with its end; else what is wrong with the last that there is.</summary>
    public static TokenRefusal? Check(XmlElement subject, SamlPolicy policy, DateTimeOffset now, out DateTimeOffset end)
    {
        end = default;
        TokenRefusal refusal = TokenRefusal.SamlConfirmationMissing;
        foreach (XmlElement confirmation in SamlElements.Children(subject).Where(child => child.LocalName == "SubjectConfirmation" && child.GetAttribute("Method") == SamlNames.Bearer))
        {
            if (CheckOne(confirmation, policy, now, out end) is not { } fault)
            {
                return null;
            }

            refusal = fault;
        }

        return refusal;
    }

    private static TokenRefusal? CheckOne(XmlElement confirmation, SamlPolicy policy, DateTimeOffset now, out DateTimeOffset end)
    {
        end = default;
        if (SamlElements.Only(confirmation, "SubjectConfirmationData") is not { } data)
        {
            return TokenRefusal.SamlConfirmationMissing;
        }

        if (!policy.Recipients.Contains(data.GetAttribute("Recipient")))
        {
            return TokenRefusal.SamlRecipientWrong;
        }

        if (!SamlElements.TryReadTime(data, "NotBefore", out DateTimeOffset? notBefore) || !SamlElements.TryReadTime(data, "NotOnOrAfter", out DateTimeOffset? notOnOrAfter))
        {
            return TokenRefusal.DateMalformed;
        }

        if (notOnOrAfter is null)
        {
            return TokenRefusal.ExpiryMissing;
        }

        end = notOnOrAfter.Value;
        return now - policy.Issuer.ClockSkew >= end ? TokenRefusal.Expired : notBefore > now + policy.Issuer.ClockSkew ? TokenRefusal.NotYetValid : null;
    }
}
