using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PoolProxy.Identity.Keys;

namespace PoolProxy.Core.Access;

/// <summary>
/// The proxy's own ES256 keys: one that signs, and the one before it, whose credentials may still be on their way. They never leave the process, so that what a stolen
/// file or backup could sign is nothing. Any thread.
/// </summary>
internal sealed class AccessKeys(TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private ECDsa? _signing;
    private string _keyId = "";
    private DateTimeOffset _madeAt;
    private JsonObject? _publicBefore;
    private JsonObject? _publicNow;
    private KeySet _keySet = KeySet.Empty;

    /// <summary>What verifies.</summary>
    public KeySet KeySet
    {
        get
        {
            lock (_gate)
            {
                return _keySet;
            }
        }
    }

    /// <summary>Signs claims; with a new key where the one at hand is older than <paramref name="rotation"/>.</summary>
    public string Sign(JsonObject claims, string type, TimeSpan rotation)
    {
        lock (_gate)
        {
            if (_signing is null || time.GetUtcNow() - _madeAt >= rotation)
            {
                Rotate();
            }

            var header = new JsonObject { ["alg"] = "ES256", ["typ"] = type, ["kid"] = _keyId };
            var input = $"{Encode(header)}.{Encode(claims)}";
            var signature = _signing!.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            return $"{input}.{Base64Url.EncodeToString(signature)}";
        }
    }

    public void Dispose() => _signing?.Dispose();

    private void Rotate()
    {
        _signing?.Dispose();
        _signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        _madeAt = time.GetUtcNow();
        _keyId = RandomNumberGenerator.GetHexString(16, lowercase: true);
        _publicBefore = _publicNow;
        var point = _signing.ExportParameters(includePrivateParameters: false).Q;
        _publicNow = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["alg"] = "ES256",
            ["kid"] = _keyId,
            ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
        var keys = new JsonArray(_publicNow.DeepClone());
        if (_publicBefore is not null)
        {
            keys.Add(_publicBefore.DeepClone());
        }

        _keySet = KeySet.TryRead(Utf8(new JsonObject { ["keys"] = keys }), out var read, out var fault) ? read : throw new InvalidOperationException(fault);
    }

    private static string Encode(JsonObject value) => Base64Url.EncodeToString(Utf8(value));

    private static byte[] Utf8(JsonObject value) => JsonSerializer.SerializeToUtf8Bytes(value);
}
