using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Saml;

/// <summary>
/// What an assertion says of its subject, as claims for the rules: attributes by their <c>Name</c> (one value is a text, several are an array), the NameID as <c>sub</c>, the issuer as <c>iss</c>, and of the authentication its class as
/// <c>acr</c>, its time as <c>auth_time</c> and its session as <c>sid</c>.
/// </summary>
internal static class SamlStatements
{
    private const int MaxTextCharacters = 2048;

    // What the proxy itself makes of an assertion, and what a token's own members are: no attribute may stand in their place.
    private static readonly string[] Reserved = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "sid", "acr", "amr", "auth_time", "cnf"];

    /// <summary>The fault, or null with the claims, and the end of the session that the provider sets; null where it sets none.</summary>
    public static TokenRefusal? TryRead(XmlElement assertion, string subject, string issuer, out ClaimSet? claims, out DateTimeOffset? sessionEnd)
    {
        claims = null;
        sessionEnd = null;
        var json = new JsonObject { ["iss"] = issuer, ["sub"] = subject };
        foreach (XmlElement statement in SamlElements.Children(assertion))
        {
            TokenRefusal? fault = statement.LocalName switch
            {
                "AttributeStatement" => ReadAttributes(statement, json),
                "AuthnStatement" => ReadAuthentication(statement, json, ref sessionEnd),
                _ => null,
            };
            if (fault is not null)
            {
                return fault;
            }
        }

        return ClaimSet.TryRead(JsonSerializer.SerializeToUtf8Bytes(json), out claims) ? null : TokenRefusal.BadText;
    }

    private static TokenRefusal? ReadAttributes(XmlElement statement, JsonObject json)
    {
        foreach (XmlElement attribute in SamlElements.Children(statement))
        {
            string name = attribute.GetAttribute("Name");
            if (attribute.LocalName != "Attribute" || name.Length is 0 or > MaxTextCharacters)
            {
                return TokenRefusal.SamlMalformed;
            }

            if (Reserved.Contains(name))
            {
                return TokenRefusal.SamlAttributeReserved;
            }

            if (json.ContainsKey(name))
            {
                return TokenRefusal.DuplicateName;
            }

            // A value that is more than text (a NameID within it, say) is no text that a rule could mean.
            string[] values = [.. SamlElements.Children(attribute).Where(value => value.LocalName == "AttributeValue" && !IsNil(value)).Select(SamlElements.Text).OfType<string>().Where(text => text.Length <= MaxTextCharacters)];
            if (values.Length > 0)
            {
                json[name] = values.Length == 1 ? JsonValue.Create(values[0]) : new JsonArray([.. values.Select(value => (JsonNode)JsonValue.Create(value))]);
            }
        }

        return null;
    }

    private static TokenRefusal? ReadAuthentication(XmlElement statement, JsonObject json, ref DateTimeOffset? sessionEnd)
    {
        if (!SamlElements.TryReadTime(statement, "AuthnInstant", out DateTimeOffset? instant) || !SamlElements.TryReadTime(statement, "SessionNotOnOrAfter", out DateTimeOffset? end))
        {
            return TokenRefusal.DateMalformed;
        }

        if (json.ContainsKey("auth_time") || instant is null)
        {
            return TokenRefusal.SamlMalformed;
        }

        sessionEnd = end;
        json["auth_time"] = instant.Value.ToUnixTimeSeconds();
        if (statement.GetAttribute("SessionIndex") is { Length: > 0 and <= MaxTextCharacters } session)
        {
            json["sid"] = session;
        }

        if (SamlElements.Only(statement, "AuthnContext") is { } context && SamlElements.OnlyText(context, "AuthnContextClassRef") is { Length: > 0 and <= MaxTextCharacters } reference)
        {
            json["acr"] = reference;
        }

        return null;
    }

    private static bool IsNil(XmlElement value) => value.GetAttribute("nil", SamlNames.Schema) is "true" or "1";
}
