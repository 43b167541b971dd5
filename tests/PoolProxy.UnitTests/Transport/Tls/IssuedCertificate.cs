using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>A certificate and its key as PEM files, and the certificate as .NET sees it (without the key).</summary>
internal sealed record IssuedCertificate(string CertificateFile, string KeyFile, X509Certificate2 Certificate)
{
    /// <summary>With its key, as SslStream wants it.</summary>
    public X509Certificate2 WithKey() => X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
}
