using System.Net;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>An HTTP listener that could not listen, or on which tokens would travel in clear text.</summary>
internal static class HttpChecks
{
    public static void Check(HttpSettings http, Findings findings)
    {
        if (http.TlsCertFile is null != http.TlsKeyFile is null)
            findings.Add("tls_cert_file and tls_key_file belong together", null, "http", http.TlsCertFile is null ? "tls_key_file" : "tls_cert_file");
        if (!http.IsOn) return;
        if (http.ListenAddr.Count == 0)
            findings.Add("it listens nowhere", "Set listen_addr, or leave it out for 127.0.0.1.", "http", "listen_addr");
        if (!http.IsTls && !http.AllowClearText && http.ListenAddr.Any(address => !IsLoopback(address)))
            findings.Add("beyond loopback tokens would travel in clear text", "Set tls_cert_file and tls_key_file, or allow_clear_text where the network encrypts by itself.", "http", "listen_addr");
    }

    private static bool IsLoopback(string address) => address == "localhost" || (IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));
}
