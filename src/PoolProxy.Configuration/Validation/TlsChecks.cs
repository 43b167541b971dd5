using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>TLS that lacks a file it needs.</summary>
internal static class TlsChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var proxy = configuration.Proxy;
        if (proxy.ClientTlsSslmode != TlsMode.Disable)
        {
            if (proxy.ClientTlsCertFile.Length == 0) findings.Add("client_tls_sslmode needs client_tls_cert_file", null, "proxy", "client_tls_sslmode");
            if (proxy.ClientTlsKeyFile.Length == 0) findings.Add("client_tls_sslmode needs client_tls_key_file", null, "proxy", "client_tls_sslmode");
        }
        // Without CAs no certificate is asked for: the one would look at nothing, the other would shut everybody out.
        if (proxy.ClientTlsCaFile.Length == 0 && proxy.ClientTlsCrlFile.Length > 0) findings.Add("client_tls_crl_file needs client_tls_ca_file", null, "proxy", "client_tls_crl_file");
        if (proxy.ClientTlsCaFile.Length == 0 && proxy.ClientTlsFingerprints.Count > 0) findings.Add("client_tls_fingerprints needs client_tls_ca_file", null, "proxy", "client_tls_fingerprints");
        if (proxy.AuthType == AuthType.Cert && (proxy.ClientTlsCaFile.Length == 0 || proxy.ClientTlsSslmode == TlsMode.Disable))
            findings.Add("auth_type cert needs client_tls_ca_file, and client_tls_sslmode other than disable", null, "proxy", "auth_type");
        if (proxy.ClientTlsSslmode >= TlsMode.VerifyCa && proxy.ClientTlsCaFile.Length == 0)
            findings.Add("client_tls_sslmode verify-ca and verify-full need client_tls_ca_file", null, "proxy", "client_tls_sslmode");

        CheckServer(ServerTlsOf(proxy), findings, "proxy");
        foreach (var database in configuration.Databases.Values)
            if (database.ServerTls(proxy) is var tls && tls != ServerTlsOf(proxy)) // what is inherited is blamed once, at [proxy]
                CheckServer(tls, findings, "databases", database.Name);
    }

    private static ServerTlsSettings ServerTlsOf(ProxySettings proxy) => new DatabaseSettings { Name = "", Host = "" }.ServerTls(proxy);

    private static void CheckServer(ServerTlsSettings tls, Findings findings, params string[] section)
    {
        if (tls.Sslmode >= TlsMode.VerifyCa && tls.CaFile.Length == 0)
            findings.Add("server_tls_sslmode verify-ca and verify-full need server_tls_ca_file", null, [.. section, "server_tls_sslmode"]);
        // In the clear there is nothing to begin, or to be bound to; and who would fall back to that must not be told to.
        if (tls.Sslmode < TlsMode.Require && tls.Negotiation == TlsNegotiation.Direct)
            findings.Add("server_tls_sslnegotiation direct needs server_tls_sslmode require or stronger", null, [.. section, "server_tls_sslnegotiation"]);
        if (tls.Sslmode < TlsMode.Require && tls.ChannelBinding == ChannelBindingMode.Require)
            findings.Add("server_tls_channel_binding require needs server_tls_sslmode require or stronger", null, [.. section, "server_tls_channel_binding"]);
        if (tls.CertFile.Length > 0 && tls.KeyFile.Length == 0)
            findings.Add("server_tls_cert_file needs server_tls_key_file", null, [.. section, "server_tls_cert_file"]);
        if (tls.KeyFile.Length > 0 && tls.CertFile.Length == 0)
            findings.Add("server_tls_key_file needs server_tls_cert_file", null, [.. section, "server_tls_key_file"]);
    }
}
