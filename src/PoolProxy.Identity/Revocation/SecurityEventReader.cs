using System.Text.Json;
using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Revocation;

/// <summary>
/// What follows from the <c>events</c> of a verified security event token. A subject (RFC 9493) may be <c>iss_sub</c>, <c>jwt_id</c>, <c>opaque</c> (of session-revoked
/// a session, else a subject), <c>aliases</c>, or <c>complex</c> with <c>session</c> or <c>user</c>; it stands in <c>sub_id</c>, or in the event in older drafts.
/// </summary>
internal static class SecurityEventReader
{
    private const string Caep = "https://schemas.openid.net/secevent/caep/event-type/";
    private const string VerificationType = "https://schemas.openid.net/secevent/ssf/event-type/verification";
    private const string OldVerificationType = "https://schemas.openid.net/secevent/sse/event-type/verification";
    private const int MaxStateCharacters = 1024;
    private const int MaxAliases = 16;

    public static SecurityEventVerdict Read(ClaimSet claims, IssuerPolicy policy, string tokenId, DateTimeOffset issuedAt, DateTimeOffset now)
    {
        if (!claims.TryFind(ClaimPath.AtRoot("events"), out JsonElement events) || events.ValueKind != JsonValueKind.Object || !events.EnumerateObject().Any())
        {
            return SecurityEventValidator.Refuse(SecurityEventFault.InvalidRequest, "events is missing or empty");
        }

        JsonElement? common = claims.TryFind(ClaimPath.AtRoot("sub_id"), out JsonElement subject) ? subject : null;
        var read = new List<SecurityEvent>();
        foreach (JsonProperty property in events.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.Object)
            {
                return SecurityEventValidator.Refuse(SecurityEventFault.InvalidRequest, "an event is no object");
            }

            SecurityEventKind kind = KindOf(property.Name);
            DateTimeOffset at = TimeOf(property.Value, issuedAt, now + policy.ClockSkew);
            var keys = new List<RevocationKey>();
            if (kind is not (SecurityEventKind.Verification or SecurityEventKind.Other) && !IsAddition(kind, property.Value))
            {
                JsonElement? whom = property.Value.TryGetProperty("subject", out JsonElement own) ? own : common;
                if (FindKeys(whom, kind, policy, keys) is { } fault)
                {
                    return SecurityEventValidator.Refuse(fault, fault == SecurityEventFault.AccessDenied
                        ? "the subject is another issuer's" : "the subject is missing or of a form that is not understood");
                }
            }

            read.Add(new SecurityEvent(kind, keys, at, kind == SecurityEventKind.Verification ? Text(property.Value, "state", MaxStateCharacters) : null));
        }

        return new SecurityEventVerdict.Accepted(new SecurityEventToken(tokenId, read));
    }

    private static SecurityEventKind KindOf(string type) => type switch
    {
        Caep + "session-revoked" => SecurityEventKind.SessionRevoked,
        Caep + "token-claims-change" => SecurityEventKind.TokenClaimsChange,
        Caep + "credential-change" => SecurityEventKind.CredentialChange,
        VerificationType or OldVerificationType => SecurityEventKind.Verification,
        _ => SecurityEventKind.Other,
    };

    // CAEP §3.3: a credential that comes on top of others takes nothing away.
    private static bool IsAddition(SecurityEventKind kind, JsonElement said) =>
        kind == SecurityEventKind.CredentialChange && said.TryGetProperty("change_type", out JsonElement change) && change.ValueKind == JsonValueKind.String && change.ValueEquals("create");

    // Not later than now: tokens of the future are nobody's to revoke. Some transmitters count milliseconds.
    private static DateTimeOffset TimeOf(JsonElement said, DateTimeOffset issuedAt, DateTimeOffset latest)
    {
        DateTimeOffset at = issuedAt;
        if (said.TryGetProperty("event_timestamp", out JsonElement stamp) && stamp.ValueKind == JsonValueKind.Number && stamp.TryGetInt64(out long number) && number > 0)
        {
            long seconds = number > 100_000_000_000 ? number / 1000 : number;
            at = seconds < latest.ToUnixTimeSeconds() ? DateTimeOffset.FromUnixTimeSeconds(seconds) : latest;
        }

        return at < latest ? at : latest;
    }

    private static SecurityEventFault? FindKeys(JsonElement? whom, SecurityEventKind kind, IssuerPolicy policy, List<RevocationKey> keys)
    {
        if (whom is not { ValueKind: JsonValueKind.Object } subject)
        {
            return SecurityEventFault.InvalidRequest;
        }

        switch (Text(subject, "format") ?? Text(subject, "subject_type"))
        {
            case "iss_sub":
                return AddOwn(subject, "sub", RevocationKind.Before, policy, keys);
            case "jwt_id" or "jwt-id":
                return AddOwn(subject, "jti", RevocationKind.Token, policy, keys);
            case "opaque" when Text(subject, "id") is { } id:
                keys.Add(new RevocationKey(kind == SecurityEventKind.SessionRevoked ? RevocationKind.Session : RevocationKind.Before, policy.Name, id));
                return null;
            case "aliases" when subject.TryGetProperty("identifiers", out JsonElement aliases) && aliases.ValueKind == JsonValueKind.Array && aliases.GetArrayLength() is > 0 and <= MaxAliases:
                return AddAliases(aliases, kind, policy, keys);
            case "complex" when subject.TryGetProperty("session", out JsonElement session):
                // The narrower of the two counts: the user's session, and not all of the user's.
                return FindKeys(session, SecurityEventKind.SessionRevoked, policy, keys);
            case "complex" when subject.TryGetProperty("user", out JsonElement user):
                return FindKeys(user, SecurityEventKind.CredentialChange, policy, keys);
            default:
                return SecurityEventFault.InvalidRequest;
        }
    }

    // One that is understood is enough; the others name the same by other names.
    private static SecurityEventFault? AddAliases(JsonElement aliases, SecurityEventKind kind, IssuerPolicy policy, List<RevocationKey> keys)
    {
        var fault = SecurityEventFault.InvalidRequest;
        bool isFound = false;
        foreach (JsonElement alias in aliases.EnumerateArray())
        {
            // RFC 9493 §3.2.8: not within each other.
            if (alias.ValueKind != JsonValueKind.Object || Text(alias, "format") is "aliases" or "complex")
            {
                return SecurityEventFault.InvalidRequest;
            }

            if (FindKeys(alias, kind, policy, keys) is { } why)
            {
                fault = why;
            }
            else
            {
                isFound = true;
            }
        }

        return isFound ? null : fault;
    }

    private static SecurityEventFault? AddOwn(JsonElement subject, string name, RevocationKind kind, IssuerPolicy policy, List<RevocationKey> keys)
    {
        if (Text(subject, name) is not { } value || Text(subject, "iss") is not { } issuer)
        {
            return SecurityEventFault.InvalidRequest;
        }

        if (issuer != policy.Issuer)
        {
            return SecurityEventFault.AccessDenied;
        }

        keys.Add(new RevocationKey(kind, policy.Name, value));
        return null;
    }

    private static string? Text(JsonElement element, string name, int maxCharacters = RevocationText.MaxValueCharacters) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            && text.Length <= maxCharacters && !text.Any(char.IsControl) ? text : null;
}
