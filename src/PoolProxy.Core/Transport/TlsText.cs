namespace PoolProxy.Core.Transport;

/// <summary>A connection's TLS in words, as PgBouncer has them: <c>TLSv1.3/TLS_AES_256_GCM_SHA384/ECDH=X25519</c>.</summary>
internal static class TlsText
{
    /// <summary>Version, cipher and group; null without TLS.</summary>
    public static string? Of(Connection connection) =>
        connection is not { IsTls: true, Tls: { } tls } ? null : tls.Group is { } group ? $"{tls.Version}/{tls.Cipher}/ECDH={group}" : $"{tls.Version}/{tls.Cipher}";
}
