using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Tokens;

/// <summary>
/// A well-formed token of which nothing has been proven: good for finding the issuer and the key to judge it by, and for nothing else.
/// </summary>
public sealed class UnverifiedToken
{
    internal UnverifiedToken(TokenHeader header, string issuer, ClaimSet claims, ReadOnlyMemory<byte> signingInput, byte[] signature, int lengthBytes)
    {
        Header = header;
        Issuer = issuer;
        Claims = claims;
        SigningInput = signingInput;
        Signature = signature;
        LengthBytes = lengthBytes;
    }

    /// <summary><c>alg</c>, <c>kid</c>, <c>typ</c>.</summary>
    public TokenHeader Header { get; }

    /// <summary><c>iss</c>: whose token it says it is.</summary>
    public string Issuer { get; }

    /// <summary>The length of the whole text.</summary>
    internal int LengthBytes { get; }

    internal ClaimSet Claims { get; }

    /// <summary>The caller's bytes up to the second dot: they must not change while the token is judged.</summary>
    internal ReadOnlyMemory<byte> SigningInput { get; }

    internal byte[] Signature { get; }
}
