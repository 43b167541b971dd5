using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>
/// A signing key of an issuer: RSA of 2048 bits (RS256 … PS512) or an elliptic curve (ES256, ES384, ES512), with the name that goes into <c>kid</c>.
/// </summary>
public sealed class IssuerKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _curve;

    private IssuerKey(string algorithm, string keyId, RSA? rsa, ECDsa? curve)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        _rsa = rsa;
        _curve = curve;
    }

    /// <summary>The algorithm it signs with, RFC 7518 §3.1.</summary>
    public string Algorithm { get; }

    /// <summary>Its name among the issuer's keys.</summary>
    public string KeyId { get; }

    /// <summary>Makes a key.</summary>
    /// <exception cref="ArgumentException">Not an algorithm with a private key.</exception>
    public static IssuerKey Create(string algorithm = "RS256", string? keyId = null)
    {
        keyId ??= "key-" + RandomNumberGenerator.GetHexString(8, lowercase: true);
        return algorithm switch
        {
            "RS256" or "RS384" or "RS512" or "PS256" or "PS384" or "PS512" => new IssuerKey(algorithm, keyId, RSA.Create(2048), null),
            "ES256" => new IssuerKey(algorithm, keyId, null, ECDsa.Create(ECCurve.NamedCurves.nistP256)),
            "ES384" => new IssuerKey(algorithm, keyId, null, ECDsa.Create(ECCurve.NamedCurves.nistP384)),
            "ES512" => new IssuerKey(algorithm, keyId, null, ECDsa.Create(ECCurve.NamedCurves.nistP521)),
            _ => throw new ArgumentException($"{algorithm} has no private key", nameof(algorithm)),
        };
    }

    /// <summary>
    /// The public half as PEM (SubjectPublicKeyInfo): what an attacker uses as an HMAC secret in the algorithm confusion, RFC 8725 §2.1.
    /// </summary>
    public string PublicPem => ((AsymmetricAlgorithm?)_rsa ?? _curve)!.ExportSubjectPublicKeyInfoPem();

    /// <summary>The public half as a JWK, RFC 7517; a new object each time.</summary>
    public JsonObject ToJwk()
    {
        var key = new JsonObject { ["kid"] = KeyId, ["use"] = "sig", ["alg"] = Algorithm };
        if (_rsa is not null)
        {
            RSAParameters numbers = _rsa.ExportParameters(includePrivateParameters: false);
            key["kty"] = "RSA";
            key["n"] = WebEncoders.Base64UrlEncode(numbers.Modulus!);
            key["e"] = WebEncoders.Base64UrlEncode(numbers.Exponent!);
            return key;
        }
        ECParameters point = _curve!.ExportParameters(includePrivateParameters: false);
        key["kty"] = "EC";
        key["crv"] = Algorithm switch { "ES256" => "P-256", "ES384" => "P-384", _ => "P-521" };
        key["x"] = WebEncoders.Base64UrlEncode(point.Q.X!);
        key["y"] = WebEncoders.Base64UrlEncode(point.Q.Y!);
        return key;
    }

    /// <summary>Signs the text <c>header.payload</c> with <paramref name="algorithm"/>, or with the key's own.</summary>
    /// <exception cref="ArgumentException">The algorithm is not one for this kind of key.</exception>
    public byte[] Sign(string input, string? algorithm = null)
    {
        algorithm ??= Algorithm;
        byte[] bytes = Encoding.ASCII.GetBytes(input);
        HashAlgorithmName hash = algorithm[2..] switch
        {
            "256" => HashAlgorithmName.SHA256,
            "384" => HashAlgorithmName.SHA384,
            "512" => HashAlgorithmName.SHA512,
            _ => throw new ArgumentException($"unknown algorithm {algorithm}", nameof(algorithm)),
        };
        return (algorithm[..2], _rsa, _curve) switch
        {
            ("RS", { } rsa, _) => rsa.SignData(bytes, hash, RSASignaturePadding.Pkcs1),
            ("PS", { } rsa, _) => rsa.SignData(bytes, hash, RSASignaturePadding.Pss),
            // RFC 7518 §3.4: R and S side by side, not DER.
            ("ES", _, { } curve) => curve.SignData(bytes, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => throw new ArgumentException($"{algorithm} does not fit a key for {Algorithm}", nameof(algorithm)),
        };
    }
}
