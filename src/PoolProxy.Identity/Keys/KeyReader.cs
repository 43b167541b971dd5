using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Identity.Keys;

/// <summary>One entry of a JWK set to a key (RFC 7517 §4, RFC 7518 §6.2 and §6.3).</summary>
internal static class KeyReader
{
    // A document of 64 KiB holds no longer value than this that could be a key's.
    private const int MaxValueCharacters = 4096;

    /// <summary>False for an entry that is malformed or not for verifying signatures.</summary>
    public static bool TryRead(JsonElement entry, [NotNullWhen(true)] out VerificationKey? key)
    {
        key = null;
        if (entry.ValueKind != JsonValueKind.Object
            || !TryReadText(entry, "kty", out string? keyType)
            || !TryReadText(entry, "kid", out string? keyId)
            || !TryReadText(entry, "alg", out string? algorithm)
            || !IsForVerifying(entry)
            || (algorithm is not null && SignatureAlgorithm.Find(algorithm) is null))
        {
            return false;
        }

        key = keyType switch
        {
            "RSA" => ReadRsa(entry, keyId, algorithm),
            "EC" => ReadPoint(entry, keyId, algorithm),
            _ => null,
        };
        return key is not null;
    }

    private static VerificationKey? ReadRsa(JsonElement entry, string? keyId, string? algorithm) =>
        TryReadBytes(entry, "n", out byte[]? n) && TryReadBytes(entry, "e", out byte[]? e)
            ? VerificationKey.FromRsa(keyId, algorithm, n, e)
            : null;

    private static VerificationKey? ReadPoint(JsonElement entry, string? keyId, string? algorithm) =>
        TryReadText(entry, "crv", out string? curve) && curve is not null
            && TryReadBytes(entry, "x", out byte[]? x) && TryReadBytes(entry, "y", out byte[]? y)
            ? VerificationKey.FromPoint(keyId, algorithm, curve, x, y)
            : null;

    private static bool IsForVerifying(JsonElement entry)
    {
        // A published private half: anyone could have signed with it.
        if (entry.TryGetProperty("d", out _) || entry.TryGetProperty("k", out _))
        {
            return false;
        }

        if (entry.TryGetProperty("use", out JsonElement use) && !(use.ValueKind == JsonValueKind.String && use.ValueEquals("sig"u8)))
        {
            return false;
        }

        return !entry.TryGetProperty("key_ops", out JsonElement operations)
            || (operations.ValueKind == JsonValueKind.Array
                && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.ValueEquals("verify"u8)));
    }

    // True with null where the member is missing.
    private static bool TryReadText(JsonElement entry, string name, out string? text)
    {
        text = null;
        if (!entry.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is { Length: > 0 and <= MaxValueCharacters };
    }

    private static bool TryReadBytes(JsonElement entry, string name, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return TryReadText(entry, name, out string? text) && text is not null
            && StrictBase64Url.TryDecode(Encoding.UTF8.GetBytes(text), out bytes);
    }
}
