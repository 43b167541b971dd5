using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>Signs certificates with ECDSA and SHA-1, which .NET no longer does, but which old servers still show.</summary>
internal sealed class Sha1Signatures(ECDsa key) : X509SignatureGenerator
{
    /// <inheritdoc/>
    public override byte[] GetSignatureAlgorithmIdentifier(HashAlgorithmName hashAlgorithm) =>
        // SEQUENCE { ecdsa-with-SHA1 }, RFC 3279 §2.2.3
        [0x30, 0x09, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01];

    /// <inheritdoc/>
    public override byte[] SignData(byte[] data, HashAlgorithmName hashAlgorithm) =>
        key.SignData(data, HashAlgorithmName.SHA1, DSASignatureFormat.Rfc3279DerSequence);

    /// <inheritdoc/>
    protected override PublicKey BuildPublicKey() => new(key);
}
