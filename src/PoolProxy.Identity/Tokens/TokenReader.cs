using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Tokens;

/// <summary>
/// Bytes to a well-formed token: JWS compact serialization only (RFC 7515 §7.1), read so that there is one way to read it. The checks go from
/// cheap to dear, length first. Never throws, whatever the bytes.
/// </summary>
public static class TokenReader
{
    /// <summary>The longest <c>kid</c>, in characters: it becomes a key of caches.</summary>
    public const int MaxKeyIdCharacters = 256;

    private const int MaxHeaderTextCharacters = 64;

    /// <summary>Reads <paramref name="token"/>, which must not change while the result is in use.</summary>
    /// <param name="token">The token's text.</param>
    /// <param name="maxLengthBytes">The longest taken.</param>
    /// <param name="result">The token; null on false.</param>
    /// <param name="refusal">On false, why.</param>
    public static bool TryRead(ReadOnlyMemory<byte> token, int maxLengthBytes, [NotNullWhen(true)] out UnverifiedToken? result, out TokenRefusal refusal)
    {
        result = null;
        if (!TrySplit(token, maxLengthBytes, out ReadOnlyMemory<byte> header, out ReadOnlyMemory<byte> payload, out ReadOnlyMemory<byte> signature, out refusal)
            || !TryReadPart(header, out JsonElement headerRoot, out refusal)
            || !TryReadHeader(headerRoot, out TokenHeader? tokenHeader, out refusal)
            || !TryReadPart(payload, out JsonElement payloadRoot, out refusal))
        {
            return false;
        }

        if (!StrictBase64Url.TryDecode(signature.Span, out byte[]? signatureBytes))
        {
            refusal = TokenRefusal.NotBase64Url;
            return false;
        }

        var claims = new ClaimSet(payloadRoot);
        if (claims.FindText("iss") is not { Length: > 0 } issuer)
        {
            refusal = TokenRefusal.IssuerMissing;
            return false;
        }

        result = new UnverifiedToken(tokenHeader, issuer, claims, token[..(header.Length + 1 + payload.Length)], signatureBytes, token.Length);
        return true;
    }

    private static bool TrySplit(
        ReadOnlyMemory<byte> token,
        int maxLengthBytes,
        out ReadOnlyMemory<byte> header,
        out ReadOnlyMemory<byte> payload,
        out ReadOnlyMemory<byte> signature,
        out TokenRefusal refusal)
    {
        header = payload = signature = default;
        if (token.Length > maxLengthBytes)
        {
            refusal = TokenRefusal.TooLong;
            return false;
        }

        int dots = token.Span.Count((byte)'.');
        if (dots != 2)
        {
            refusal = dots == 4 ? TokenRefusal.Encrypted : TokenRefusal.NotThreeParts;
            return false;
        }

        int first = token.Span.IndexOf((byte)'.');
        int second = token.Span.LastIndexOf((byte)'.');
        header = token[..first];
        payload = token[(first + 1)..second];
        signature = token[(second + 1)..];
        refusal = default;
        return true;
    }

    private static bool TryReadPart(ReadOnlyMemory<byte> part, out JsonElement root, out TokenRefusal refusal)
    {
        root = default;
        if (!StrictBase64Url.TryDecode(part.Span, out byte[]? json))
        {
            refusal = TokenRefusal.NotBase64Url;
            return false;
        }

        JsonFault fault = JsonBounds.TryReadObject(json, out root);
        refusal = fault switch
        {
            JsonFault.NotUtf8 => TokenRefusal.NotUtf8,
            JsonFault.BadText => TokenRefusal.BadText,
            JsonFault.TooDeep => TokenRefusal.TooDeep,
            JsonFault.DuplicateName => TokenRefusal.DuplicateName,
            JsonFault.NotAnObject => TokenRefusal.NotAnObject,
            _ => TokenRefusal.NotJson,
        };
        return fault == JsonFault.None;
    }

    private static bool TryReadHeader(JsonElement root, [NotNullWhen(true)] out TokenHeader? header, out TokenRefusal refusal)
    {
        header = null;
        if (FindForbidden(root) is { } forbidden)
        {
            refusal = forbidden;
            return false;
        }

        if (!TryReadText(root, "alg", MaxHeaderTextCharacters, out string? algorithm) || algorithm is null
            || !TryReadText(root, "kid", MaxKeyIdCharacters, out string? keyId)
            || !TryReadText(root, "typ", MaxHeaderTextCharacters, out string? type)
            || !TryReadText(root, "cty", MaxHeaderTextCharacters, out string? contentType))
        {
            refusal = TokenRefusal.HeaderMalformed;
            return false;
        }

        // Other content types describe the claims and change nothing; "JWT" says that there is a further token inside.
        if (contentType is not null && MediaType.AreEqual(contentType, "JWT"))
        {
            refusal = TokenRefusal.NestedToken;
            return false;
        }

        header = new TokenHeader(algorithm, keyId, type);
        refusal = default;
        return true;
    }

    // x5c, x5t and x5t#S256 are not refused: honest issuers send them, and we ignore them.
    private static TokenRefusal? FindForbidden(JsonElement root)
    {
        if (root.TryGetProperty("crit", out _))
        {
            return TokenRefusal.CriticalExtension;
        }

        if (root.TryGetProperty("jku", out _) || root.TryGetProperty("x5u", out _) || root.TryGetProperty("jwk", out _))
        {
            return TokenRefusal.KeyInHeader;
        }

        // RFC 7797: b64 without crit must be ignored by those who do not know it, so the two sides would read two payloads.
        return root.TryGetProperty("zip", out _) || root.TryGetProperty("b64", out _) ? TokenRefusal.PayloadEncoding : null;
    }

    // True with null where the member is missing.
    private static bool TryReadText(JsonElement root, string name, int maxCharacters, out string? text)
    {
        text = null;
        if (!root.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null && text.Length > 0 && text.Length <= maxCharacters;
    }
}
