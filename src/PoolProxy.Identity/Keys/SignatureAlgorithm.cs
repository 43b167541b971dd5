namespace PoolProxy.Identity.Keys;

/// <summary>
/// An asymmetric JWS algorithm that can be checked (RFC 7518 §3.3 to §3.5). <c>none</c> and the HMAC family have no instance, so no
/// configuration and no token can reach them (RFC 8725 §2.1).
/// </summary>
public sealed class SignatureAlgorithm
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<SignatureAlgorithm> All { get; } =
    [
        new("RS256", "RSA", null, 0), new("RS384", "RSA", null, 0), new("RS512", "RSA", null, 0),
        new("PS256", "RSA", null, 0), new("PS384", "RSA", null, 0), new("PS512", "RSA", null, 0),
        new("ES256", "EC", "P-256", 64), new("ES384", "EC", "P-384", 96), new("ES512", "EC", "P-521", 132),
    ];

    private SignatureAlgorithm(string name, string keyType, string? curve, int signatureLengthBytes)
    {
        Name = name;
        KeyType = keyType;
        Curve = curve;
        SignatureLengthBytes = signatureLengthBytes;
    }

    /// <summary>The name as <c>alg</c> spells it; letters' case matters (RFC 7515 §4.1.1).</summary>
    public string Name { get; }

    /// <summary>The <c>kty</c> that it needs: <c>RSA</c> or <c>EC</c>.</summary>
    public string KeyType { get; }

    /// <summary>The one <c>crv</c> that it may be used with; null for RSA.</summary>
    public string? Curve { get; }

    /// <summary>The exact length of a signature; 0 where the key's modulus decides.</summary>
    public int SignatureLengthBytes { get; }

    /// <summary>The algorithm called <paramref name="name"/>; null for every other name.</summary>
    public static SignatureAlgorithm? Find(string name)
    {
        foreach (SignatureAlgorithm algorithm in All)
        {
            if (algorithm.Name == name)
            {
                return algorithm;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
