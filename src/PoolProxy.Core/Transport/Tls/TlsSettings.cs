using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// The settings that one TLS context is made of, for either side, with the prefix that its faults name. Compared by value,
/// so that a RELOAD can see whether anything but the files' content changed. Empty strings are "not set".
/// </summary>
internal sealed record TlsSettings
{
    /// <summary><c>client_tls</c> or <c>server_tls</c>.</summary>
    public required string Prefix { get; init; }

    /// <summary><c>…_sslmode</c>.</summary>
    public required TlsMode Mode { get; init; }

    /// <summary><c>…_cert_file</c>: the chain, leaf first, PEM.</summary>
    public string CertificateFile { get; init; } = "";

    /// <summary><c>…_key_file</c>: the leaf's unencrypted private key, PEM.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary><c>…_ca_file</c>: the CAs that the peer's certificate must chain to, PEM.</summary>
    public string AuthorityFile { get; init; } = "";

    /// <summary><c>client_tls_crl_file</c>: revocation lists of those CAs, PEM; for servers there is none.</summary>
    public string RevocationFile { get; init; } = "";

    /// <summary><c>…_protocols</c>.</summary>
    public TlsProtocols Protocols { get; init; } = TlsProtocols.Secure;

    /// <summary><c>…_ciphers</c>.</summary>
    public string Ciphers { get; init; } = "default";

    /// <summary><c>…13_ciphers</c>.</summary>
    public string Tls13Ciphers { get; init; } = "";

    /// <summary><c>client_tls_ecdhcurve</c>; for servers always <c>auto</c>.</summary>
    public string Curves { get; init; } = "auto";

    /// <summary><c>client_tls_dheparams</c>; for servers it has no meaning.</summary>
    public DheParameters DheParameters { get; init; } = DheParameters.Auto;

    /// <summary>Clients connect to us: <c>client_tls_*</c>.</summary>
    public static TlsSettings ForClients(ProxySettings proxy) => new()
    {
        Prefix = "client_tls",
        Mode = proxy.ClientTlsSslmode,
        CertificateFile = proxy.ClientTlsCertFile,
        KeyFile = proxy.ClientTlsKeyFile,
        AuthorityFile = proxy.ClientTlsCaFile,
        RevocationFile = proxy.ClientTlsCrlFile,
        Protocols = proxy.ClientTlsProtocols,
        Ciphers = proxy.ClientTlsCiphers,
        Tls13Ciphers = proxy.ClientTls13Ciphers,
        Curves = proxy.ClientTlsEcdhcurve,
        DheParameters = proxy.ClientTlsDheparams,
    };

    /// <summary>We connect to a server: <c>server_tls_*</c>.</summary>
    public static TlsSettings ForServers(ServerTlsSettings server) => new()
    {
        Prefix = "server_tls",
        Mode = server.Sslmode,
        CertificateFile = server.CertFile,
        KeyFile = server.KeyFile,
        AuthorityFile = server.CaFile,
        Protocols = server.Protocols,
        Ciphers = server.Ciphers,
        Tls13Ciphers = server.Tls13Ciphers,
    };

    /// <summary>The full name of one of these settings, such as <c>server_tls_ca_file</c> for <c>_ca_file</c>.</summary>
    public string Name(string suffix) => Prefix + suffix;
}
