using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace PoolProxy.Identity.Keys;

/// <summary>
/// One public key of an issuer, and the only type that knows the library whose signature checks we use: Microsoft.IdentityModel 6.8.0 reads
/// JSON too leniently to be given any, so it sees key parameters and signatures only. Immutable; any thread may verify.
/// </summary>
public sealed class VerificationKey
{
    /// <summary>The shortest RSA modulus taken (RFC 7518 §3.3).</summary>
    public const int MinRsaBits = 2048;

    /// <summary>The longest: each check costs the square of it.</summary>
    public const int MaxRsaBits = 8192;

    private readonly JsonWebKey _key;
    private readonly ConcurrentDictionary<string, SignatureProvider> _providers = new();
    private readonly int _modulusLengthBytes;

    private VerificationKey(JsonWebKey key, int modulusLengthBytes, string canonicalJson)
    {
        _key = key;
        _modulusLengthBytes = modulusLengthBytes;
        Thumbprint = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(canonicalJson)));
    }

    /// <summary>The issuer's name for the key; null where the set gives none.</summary>
    public string? KeyId => _key.Kid;

    /// <summary><c>RSA</c> or <c>EC</c>.</summary>
    public string KeyType => _key.Kty;

    /// <summary><c>P-256</c>, <c>P-384</c> or <c>P-521</c>; null for RSA.</summary>
    public string? Curve => _key.Crv;

    /// <summary>The only algorithm that the issuer allows with the key; null where the set does not say.</summary>
    public string? Algorithm => _key.Alg;

    /// <summary>RFC 7638: the same for the same key under any name.</summary>
    public string Thumbprint { get; }

    /// <summary>A key from RSA parameters, big-endian without leading zeros; null outside the bounds.</summary>
    internal static VerificationKey? FromRsa(string? keyId, string? algorithm, byte[] modulus, byte[] exponent)
    {
        byte[] n = TrimLeadingZeros(modulus);
        byte[] e = TrimLeadingZeros(exponent);
        int bits = n.Length == 0 ? 0 : (n.Length * 8) - int.LeadingZeroCount(n[0]) + 24;
        // An even or tiny exponent is no RSA key; a long one only makes each check dear.
        if (bits is < MinRsaBits or > MaxRsaBits || e.Length is 0 or > 4 || (e[^1] & 1) == 0 || (e.Length == 1 && e[0] == 1))
        {
            return null;
        }

        string encodedN = Base64UrlEncoder.Encode(n);
        string encodedE = Base64UrlEncoder.Encode(e);
        return new VerificationKey(
            NewKey(keyId, algorithm, new JsonWebKey { Kty = "RSA", N = encodedN, E = encodedE }),
            n.Length,
            $$"""{"e":"{{encodedE}}","kty":"RSA","n":"{{encodedN}}"}""");
    }

    /// <summary>A key from a point of a named curve, both coordinates at full length; null for another curve or a point off the curve.</summary>
    internal static VerificationKey? FromPoint(string? keyId, string? algorithm, string curve, byte[] x, byte[] y)
    {
        (ECCurve named, int length) = curve switch
        {
            "P-256" => (ECCurve.NamedCurves.nistP256, 32),
            "P-384" => (ECCurve.NamedCurves.nistP384, 48),
            "P-521" => (ECCurve.NamedCurves.nistP521, 66),
            _ => (default, 0),
        };
        if (length == 0 || x.Length != length || y.Length != length)
        {
            return null;
        }

        try
        {
            using var probe = ECDsa.Create(new ECParameters { Curve = named, Q = new ECPoint { X = x, Y = y } });
        }
        catch (CryptographicException)
        {
            return null;
        }

        string encodedX = Base64UrlEncoder.Encode(x);
        string encodedY = Base64UrlEncoder.Encode(y);
        return new VerificationKey(
            NewKey(keyId, algorithm, new JsonWebKey { Kty = "EC", Crv = curve, X = encodedX, Y = encodedY }),
            0,
            $$"""{"crv":"{{curve}}","kty":"EC","x":"{{encodedX}}","y":"{{encodedY}}"}""");
    }

    /// <summary>Whether type, curve and the key's own <c>alg</c> allow <paramref name="algorithm"/>.</summary>
    public bool Fits(SignatureAlgorithm algorithm) =>
        KeyType == algorithm.KeyType
        && (algorithm.Curve is null || Curve == algorithm.Curve)
        && (Algorithm is null || Algorithm == algorithm.Name);

    /// <summary>Whether <paramref name="signature"/> is this key's over <paramref name="input"/>. The key must fit the algorithm.</summary>
    internal bool Verify(SignatureAlgorithm algorithm, ReadOnlySpan<byte> input, byte[] signature)
    {
        Debug.Assert(Fits(algorithm), "the key set hands out fitting keys only");
        int expectedLength = algorithm.SignatureLengthBytes == 0 ? _modulusLengthBytes : algorithm.SignatureLengthBytes;
        if (signature.Length != expectedLength)
        {
            return false;
        }

        SignatureProvider provider = _providers.GetOrAdd(
            algorithm.Name,
            static (name, key) => key.CryptoProviderFactory.CreateForVerifying(key, name),
            _key);
        try
        {
            return provider.Verify(input.ToArray(), signature);
        }
        catch (CryptographicException)
        {
            // OpenSSL answers some malformed signatures with an error instead of "no".
            return false;
        }
    }

    // The library's shared cache would keep providers of rotated keys and tidies itself on a task of its own: this key holds its own.
    private static JsonWebKey NewKey(string? keyId, string? algorithm, JsonWebKey key)
    {
        key.Kid = keyId;
        key.Alg = algorithm;
        key.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        return key;
    }

    private static byte[] TrimLeadingZeros(byte[] number) => number.AsSpan().TrimStart((byte)0).ToArray();
}
