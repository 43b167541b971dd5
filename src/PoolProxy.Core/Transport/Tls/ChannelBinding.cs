namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// The channel binding <c>tls-server-end-point</c> of RFC 5929 §4: the server's certificate, hashed with the digest of its
/// own signature, SHA-256 where that is MD5 or SHA-1. SCRAM-SHA-256-PLUS carries it.
/// </summary>
internal static unsafe class ChannelBinding
{
    // obj_mac.h: NID_md5, NID_sha1, NID_sha256.
    private const int Md5 = 4;
    private const int Sha1 = 64;
    private const int Sha256 = 672;

    /// <summary>The hash, up to 64 bytes; null for a signature without a digest of its own (Ed25519), for which the RFC defines no binding.</summary>
    public static byte[]? ServerEndPoint(X509Handle certificate)
    {
        int digest;
        if (LibCrypto.X509_get_signature_info(certificate, &digest, null, null, null) != 1 || digest == 0)
        {
            LibCrypto.ERR_clear_error();
            return null;
        }
        return Hash(certificate, digest is Md5 or Sha1 ? Sha256 : digest);
    }

    private static byte[]? Hash(X509Handle certificate, int digest)
    {
        byte* hash = stackalloc byte[LibCrypto.MaxDigestLength];
        uint length = 0;
        nint algorithm = LibCrypto.EVP_get_digestbyname(LibCrypto.OBJ_nid2sn(digest));
        bool isHashed = algorithm != 0 && LibCrypto.X509_digest(certificate, algorithm, hash, &length) == 1;
        LibCrypto.ERR_clear_error();
        return isHashed ? new ReadOnlySpan<byte>(hash, (int)length).ToArray() : null;
    }
}
