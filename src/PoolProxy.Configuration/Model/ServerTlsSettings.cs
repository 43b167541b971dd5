namespace PoolProxy.Configuration.Model;

/// <summary>TLS towards one server, the database's values above the proxy's: <see cref="DatabaseSettings.ServerTls"/>. Compared by value.</summary>
public sealed record ServerTlsSettings
{
    /// <summary><c>server_tls_sslmode</c>.</summary>
    public required TlsMode Sslmode { get; init; }

    /// <summary><c>server_tls_ca_file</c>; empty is none.</summary>
    public required string CaFile { get; init; }

    /// <summary><c>server_tls_key_file</c>; empty is none.</summary>
    public required string KeyFile { get; init; }

    /// <summary><c>server_tls_cert_file</c>; empty is none.</summary>
    public required string CertFile { get; init; }

    /// <summary><c>server_tls_protocols</c>.</summary>
    public required TlsProtocols Protocols { get; init; }

    /// <summary><c>server_tls_ciphers</c>: an OpenSSL list, or <c>default</c>.</summary>
    public required string Ciphers { get; init; }

    /// <summary><c>server_tls13_ciphers</c>: an OpenSSL list of TLS 1.3 suites; empty takes the library's.</summary>
    public required string Tls13Ciphers { get; init; }

    /// <summary><c>server_tls_sslnegotiation</c>.</summary>
    public required TlsNegotiation Negotiation { get; init; }

    /// <summary><c>server_tls_channel_binding</c>.</summary>
    public required ChannelBindingMode ChannelBinding { get; init; }
}
