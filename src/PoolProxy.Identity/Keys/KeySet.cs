using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Keys;

/// <summary>
/// The public keys of an issuer at one moment, from a JWK set (RFC 7517 §5). Immutable. Keys that cannot or must not verify are left out and
/// counted: symmetric and private ones, those for encryption, short RSA moduli, unknown curves, malformed entries.
/// </summary>
public sealed class KeySet
{
    /// <summary>The longest document read, in bytes.</summary>
    public const int MaxDocumentBytes = 64 * 1024;

    private readonly VerificationKey[] _keys;
    private readonly HashSet<string> _thumbprints;

    private KeySet(IEnumerable<VerificationKey> keys, int ignoredCount)
    {
        _keys = [.. keys];
        _thumbprints = [.. _keys.Select(key => key.Thumbprint)];
        IgnoredCount = ignoredCount;
    }

    /// <summary>A set without keys: every token's key is unknown to it.</summary>
    public static KeySet Empty { get; } = new([], 0);

    /// <summary>The usable keys in the document's order.</summary>
    public IReadOnlyList<VerificationKey> Keys => _keys;

    /// <summary>Entries of the document that were left out.</summary>
    public int IgnoredCount { get; }

    /// <summary>
    /// Reads a JWK set. An entry that cannot be used does not spoil the others (RFC 7517 §5: "implementations SHOULD ignore").
    /// </summary>
    /// <param name="document">The document, at most <paramref name="maxBytes"/> long.</param>
    /// <param name="keySet">The set, perhaps without any key; null on false.</param>
    /// <param name="fault">A sentence on what is wrong with the document; null on true. Holds nothing of its text.</param>
    /// <param name="maxBytes">The longest document read, in bytes.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> document,
        [NotNullWhen(true)] out KeySet? keySet,
        [NotNullWhen(false)] out string? fault,
        int maxBytes = MaxDocumentBytes)
    {
        keySet = null;
        if (document.Length > maxBytes)
        {
            fault = $"The JWK set is longer than {maxBytes} bytes.";
            return false;
        }

        JsonFault jsonFault = JsonBounds.TryReadObject(document, out JsonElement root);
        if (jsonFault != JsonFault.None)
        {
            fault = $"The JWK set is not usable JSON ({jsonFault}).";
            return false;
        }

        if (!root.TryGetProperty("keys", out JsonElement entries) || entries.ValueKind != JsonValueKind.Array)
        {
            fault = "The JWK set has no array \"keys\".";
            return false;
        }

        List<VerificationKey> keys = [];
        foreach (JsonElement entry in entries.EnumerateArray())
        {
            // The same key twice under the same name is one key, not an ambiguity.
            if (KeyReader.TryRead(entry, out VerificationKey? key) && !keys.Exists(known => IsSame(known, key)))
            {
                keys.Add(key);
            }
        }

        keySet = new KeySet(keys, entries.GetArrayLength() - keys.Count);
        fault = null;
        return true;
    }

    /// <summary>
    /// The one key for a token: by <paramref name="keyId"/> and what <paramref name="algorithm"/> needs. Without a key id only if exactly one
    /// key fits the algorithm.
    /// </summary>
    public KeyLookup Find(string? keyId, SignatureAlgorithm algorithm)
    {
        VerificationKey? found = null;
        bool isNamed = false;
        foreach (VerificationKey key in _keys)
        {
            if (keyId is not null && key.KeyId != keyId)
            {
                continue;
            }

            isNamed = true;
            if (!key.Fits(algorithm))
            {
                continue;
            }

            if (found is not null)
            {
                return new KeyLookup(KeyLookupStatus.Ambiguous, null);
            }

            found = key;
        }

        return found is not null ? new KeyLookup(KeyLookupStatus.Found, found)
            : new KeyLookup(isNamed && keyId is not null ? KeyLookupStatus.Mismatch : KeyLookupStatus.Unknown, null);
    }

    /// <summary>Whether <paramref name="key"/> is still among the issuer's: a key that was taken back must not vouch for cached verdicts.</summary>
    public bool Holds(VerificationKey key) => _thumbprints.Contains(key.Thumbprint);

    /// <summary>Whether <paramref name="other"/> has the same keys by the same names, in the same order.</summary>
    public bool HasSameKeysAs(KeySet other) => _keys.Length == other._keys.Length && _keys.Zip(other._keys).All(pair => IsSame(pair.First, pair.Second));

    private static bool IsSame(VerificationKey one, VerificationKey other) =>
        one.Thumbprint == other.Thumbprint && one.KeyId == other.KeyId && one.Algorithm == other.Algorithm;
}
