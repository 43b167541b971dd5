using System.Net;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>TLS that does not prove which server answers, unless nobody can stand in between.</summary>
internal sealed class TlsCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the server proves who it is, or is on this machine";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => true;

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination) => Of(examination.Upstream) is { } finding ? Found(finding) : Found();

    /// <summary>The finding for one upstream; null for none.</summary>
    public static Finding? Of(Upstream upstream)
    {
        var mode = upstream.Target.TlsMode;
        if (mode == TlsMode.VerifyFull || upstream.IsUnix || IsLoopback(upstream.Target.Host))
        {
            return null;
        }

        // A name that is not looked at still leaves the CA's own servers only.
        var level = mode == TlsMode.VerifyCa || !upstream.IsIsolated ? FindingLevel.Warning : FindingLevel.Fault;
        return new Finding(
            level, $"TLS with {upstream.Target.Host} is not verified: server_tls_sslmode is \"{Spelled(mode)}\"",
            mode == TlsMode.VerifyCa ? "Any server with a certificate of that CA can stand in its place." : "Whoever stands in between reads everything and can answer in the server's place.")
        {
            Advice = "Set server_tls_sslmode = \"verify-full\" and server_tls_ca_file.",
        };
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static string Spelled(TlsMode mode) => mode switch
    {
        TlsMode.VerifyCa => "verify-ca",
        _ => mode.ToString().ToLowerInvariant(),
    };
}
