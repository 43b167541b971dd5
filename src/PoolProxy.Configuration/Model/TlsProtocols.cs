namespace PoolProxy.Configuration.Model;

/// <summary>The TLS versions that may be negotiated: <c>client_tls_protocols</c>, <c>server_tls_protocols</c>. They need not be adjacent.</summary>
[Flags]
public enum TlsProtocols
{
    /// <summary>No version; never the value of a setting.</summary>
    None = 0,

    /// <summary><c>tlsv1.0</c>.</summary>
    Tls10 = 1,

    /// <summary><c>tlsv1.1</c>.</summary>
    Tls11 = 2,

    /// <summary><c>tlsv1.2</c>.</summary>
    Tls12 = 4,

    /// <summary><c>tlsv1.3</c>.</summary>
    Tls13 = 8,

    /// <summary><c>secure</c>: TLS 1.2 and 1.3, the default.</summary>
    Secure = Tls12 | Tls13,

    /// <summary><c>all</c> or <c>legacy</c>: every version.</summary>
    All = Tls10 | Tls11 | Tls12 | Tls13,
}
