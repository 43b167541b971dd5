using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Sandbox.Certificates;

/// <summary>A certificate and its private key, as two PEM files.</summary>
/// <param name="CertificateFile">Full path of the certificate.</param>
/// <param name="KeyFile">Full path of the unencrypted PKCS #8 key; readable by its owner only.</param>
public sealed record CertificateFiles(string CertificateFile, string KeyFile)
{
    /// <summary>Loads both. The caller disposes it.</summary>
    public X509Certificate2 Load() => X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);
}
