using System.Security.Cryptography;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Frontend;

/// <summary>What is refused whoever it is, before anything is asked: no TLS where it is demanded, a certificate that is not on the list, a proxy that is full or going down.</summary>
internal static class LoginAdmission
{
    /// <summary>Why the client may not go on; null where it may.</summary>
    public static ProxyError? Check(FrontendServices services, ClientSession session, bool isConsole)
    {
        var proxy = services.Routes.Plan.Configuration.Proxy;
        if (proxy.ClientTlsSslmode >= TlsMode.Require && !session.Connection.IsTls && !session.Connection.IsUnix)
        {
            return LoginErrors.TlsRequired;
        }

        if (proxy.ClientTlsFingerprints.Count > 0 && session.Connection.IsTls && !HasAllowedCertificate(session, proxy.ClientTlsFingerprints))
        {
            return LoginErrors.ClientCertificateRequired;
        }

        if (services.Shared.TurnsLoginsAway)
        {
            return ProxyErrors.ProxyShuttingDown;
        }

        return !isConsole && services.Census.CountedCount > proxy.MaxClientConn ? ProxyErrors.TooManyClients : null;
    }

    /// <summary>client_tls_fingerprints; they are few, and compared without colons and case.</summary>
    private static bool HasAllowedCertificate(ClientSession session, IReadOnlyList<string> fingerprints)
    {
        var certificate = session.Connection.Tls!.PeerCertificate;
        if (certificate.IsEmpty)
        {
            return false;
        }

        var fingerprint = Convert.ToHexString(SHA256.HashData(certificate.Span));
        return fingerprints.Any(allowed => fingerprint.Equals(allowed.Replace(":", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));
    }
}
