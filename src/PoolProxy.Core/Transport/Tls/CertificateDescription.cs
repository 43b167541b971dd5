using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// A certificate as authentication and SHOW need it: a snapshot that owns no native memory. Made on demand, on cold paths;
/// at most about 100 KB, the bound OpenSSL sets for a peer's chain. Source: RFC 5280.
/// </summary>
internal sealed class CertificateDescription
{
    /// <summary>The whole certificate, DER.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The SHA-256 of <see cref="Der"/> as 64 lower-case hexadecimal digits.</summary>
    public string Sha256Fingerprint { get; }

    /// <summary>The subject's first common name (CN); null when it has none, or where a name has a NUL in it: then the certificate has no names at all.</summary>
    public string? CommonName { get; }

    /// <summary>The whole subject, in the order "CN=…, O=…"; for people, not for comparing.</summary>
    public string Subject { get; } = "";

    /// <summary>The same for comparing; null where .NET cannot read the certificate.</summary>
    public X500DistinguishedName? SubjectName { get; }

    /// <summary>Not valid before this time.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>Not valid after this time.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The alternative names of type dNSName.</summary>
    public IReadOnlyList<string> DnsNames { get; } = [];

    /// <summary>The alternative names of type URI, among them SPIFFE identities.</summary>
    public IReadOnlyList<string> Uris { get; } = [];

    /// <summary>The alternative names of type iPAddress.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; } = [];

    private CertificateDescription(byte[] der, string fingerprint)
    {
        Der = der;
        Sha256Fingerprint = fingerprint;
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            Subject = certificate.Subject;
            SubjectName = certificate.SubjectName;
            NotBefore = certificate.NotBefore;
            NotAfter = certificate.NotAfter;
            string? name = SubjectCommonName.FirstOf(certificate.SubjectName);
            if (AlternativeNames.Of(certificate) is { } names && name?.Contains('\0') != true)
                (CommonName, DnsNames, Uris, Addresses) = (name, names.Dns, names.Uris, names.Addresses);
        }
        catch (CryptographicException)
        {
            // A form that .NET does not take although OpenSSL did: it stays without names, so it authenticates nobody.
            CommonName = null;
        }
    }

    /// <summary>Describes <paramref name="certificate"/>.</summary>
    /// <exception cref="InvalidOperationException">OpenSSL cannot encode it.</exception>
    public static CertificateDescription Of(X509Handle certificate) => Of(Encode(certificate));

    /// <summary>Describes the certificate that <paramref name="der"/> is.</summary>
    public static CertificateDescription Of(byte[] der) => new(der, Convert.ToHexStringLower(SHA256.HashData(der)));

    /// <summary>The certificate, DER.</summary>
    /// <exception cref="InvalidOperationException">OpenSSL cannot encode it.</exception>
    public static unsafe byte[] Encode(X509Handle certificate)
    {
        int length = LibCrypto.i2d_X509(certificate, null);
        if (length <= 0)
            throw new InvalidOperationException(OpenSslError.Take("OpenSSL cannot encode a certificate"));
        byte[] der = new byte[length];
        fixed (byte* start = der)
        {
            byte* at = start;
            _ = LibCrypto.i2d_X509(certificate, &at);
        }
        return der;
    }
}
