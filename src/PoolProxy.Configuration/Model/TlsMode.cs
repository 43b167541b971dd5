namespace PoolProxy.Configuration.Model;

/// <summary>How much TLS a side asks for: <c>client_tls_sslmode</c>, <c>server_tls_sslmode</c>. Ordered from least to most.</summary>
public enum TlsMode
{
    /// <summary><c>disable</c>: never TLS.</summary>
    Disable,

    /// <summary><c>allow</c>: TLS when the peer asks for it. Towards servers it means plain first, as in PgBouncer.</summary>
    Allow,

    /// <summary><c>prefer</c>: TLS when the peer can; the certificate is not checked.</summary>
    Prefer,

    /// <summary><c>require</c>: only TLS; the certificate is not checked.</summary>
    Require,

    /// <summary><c>verify-ca</c>: only TLS, and the peer's certificate must come from the CA.</summary>
    VerifyCa,

    /// <summary><c>verify-full</c>: as verify-ca, and the certificate must name the host (servers); for clients the same as verify-ca.</summary>
    VerifyFull,
}
