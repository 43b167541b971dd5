using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// A certificate as authentication and SHOW need it: a snapshot that owns no native memory. Made on demand, on cold paths;
/// at most about 100 KB, the bound OpenSSL sets for a peer's chain. Source: RFC 5280.
/// </summary>
internal sealed class CertificateDescription
{
    private const string CommonNameOid = "2.5.4.3";
    private const string AlternativeNameOid = "2.5.29.17";

    // RFC 5280 §4.2.1.6, GeneralName.
    private static readonly Asn1Tag DnsNameTag = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <summary>The whole certificate, DER.</summary>
    public ReadOnlyMemory<byte> Der { get; }

    /// <summary>The SHA-256 of <see cref="Der"/> as 64 lower-case hexadecimal digits.</summary>
    public string Sha256Fingerprint { get; }

    /// <summary>The subject's first common name (CN); null when it has none, or one with a NUL in it, which names nobody.</summary>
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

    private CertificateDescription(byte[] der, string fingerprint)
    {
        Der = der;
        Sha256Fingerprint = fingerprint;
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            CommonName = FirstCommonName(certificate.SubjectName);
            Subject = certificate.Subject;
            SubjectName = certificate.SubjectName;
            NotBefore = certificate.NotBefore;
            NotAfter = certificate.NotAfter;
            (DnsNames, Uris) = AlternativeNames(certificate);
        }
        catch (CryptographicException)
        {
            // A form that .NET does not take although OpenSSL did: it stays without names, so it authenticates nobody.
            CommonName = null;
        }
    }

    /// <summary>Describes <paramref name="certificate"/>.</summary>
    /// <exception cref="InvalidOperationException">OpenSSL cannot encode it.</exception>
    public static CertificateDescription Of(X509Handle certificate)
    {
        byte[] der = Encode(certificate);
        return new CertificateDescription(der, Convert.ToHexStringLower(SHA256.HashData(der)));
    }

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

    // The first one counts, as in PostgreSQL and PgBouncer.
    private static string? FirstCommonName(X500DistinguishedName subject)
    {
        foreach (X500RelativeDistinguishedName part in subject.EnumerateRelativeDistinguishedNames(reversed: false))
        {
            if (part.HasMultipleElements || part.GetSingleElementType().Value != CommonNameOid)
                continue;
            string? name = part.GetSingleElementValue();
            return string.IsNullOrEmpty(name) || name.Contains('\0') ? null : name;
        }
        return null;
    }

    private static (IReadOnlyList<string> DnsNames, IReadOnlyList<string> Uris) AlternativeNames(X509Certificate2 certificate)
    {
        var dnsNames = new List<string>();
        var uris = new List<string>();
        foreach (X509Extension extension in certificate.Extensions)
        {
            if (extension.Oid?.Value == AlternativeNameOid)
                ReadAlternativeNames(extension.RawData, dnsNames, uris);
        }
        return (dnsNames, uris);
    }

    private static void ReadAlternativeNames(byte[] extension, List<string> dnsNames, List<string> uris)
    {
        try
        {
            AsnReader names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                Asn1Tag tag = names.PeekTag();
                if (tag.HasSameClassAndValue(DnsNameTag))
                    Add(dnsNames, names.ReadCharacterString(UniversalTagNumber.IA5String, DnsNameTag));
                else if (tag.HasSameClassAndValue(UriTag))
                    Add(uris, names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                else
                    _ = names.ReadEncodedValue();
            }
        }
        catch (AsnContentException)
        {
            // A list that is cut or malformed names nobody.
            dnsNames.Clear();
            uris.Clear();
        }
    }

    private static void Add(List<string> names, string name)
    {
        if (!name.Contains('\0'))
            names.Add(name);
    }
}
