using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>A CA of its own folder of PEM files: issues what a test needs and takes the folder away with it.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("poolproxy-tls-").FullName;
    private readonly X509Certificate2 _root;
    private int _serial;

    public TestAuthority(string name = "test CA")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(Yesterday.AddYears(-1), Yesterday.AddYears(10));
        File = Write("ca.crt", _root.ExportCertificatePem());
    }

    /// <summary>The CA's certificate, PEM.</summary>
    public string File { get; }

    public X509Certificate2 Root => _root;

    private static DateTimeOffset Yesterday => DateTimeOffset.UtcNow.AddDays(-1);

    /// <summary>A leaf; the names are dNSName or iPAddress by their form. RSA when <paramref name="rsa"/>, else ECDSA P-256.</summary>
    public IssuedCertificate Issue(string commonName, string[]? names = null, bool isExpired = false, bool rsa = false, HashAlgorithmName? hash = null, string? uri = null)
    {
        using AsymmetricAlgorithm key = rsa ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        HashAlgorithmName digest = hash ?? HashAlgorithmName.SHA256;
        CertificateRequest request = key is RSA rsaKey
            ? new($"CN={commonName},O=Tests", rsaKey, digest, RSASignaturePadding.Pkcs1)
            : new($"CN={commonName},O=Tests", (ECDsa)key, digest);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        AddNames(request, names ?? [], uri);
        byte[] serial = BitConverter.GetBytes(Interlocked.Increment(ref _serial) + 1000);
        DateTimeOffset end = isExpired ? Yesterday : Yesterday.AddYears(1);
        ECDsa rootKey = _root.GetECDsaPrivateKey()!;
        X509SignatureGenerator generator = digest.Name == "SHA1" ? new Sha1Signatures(rootKey) : X509SignatureGenerator.CreateForECDsa(rootKey);
        using X509Certificate2 certificate = request.Create(_root.SubjectName, generator, Yesterday.AddMonths(-1), end, serial);
        string stem = Convert.ToHexStringLower(serial);
        string keyPem = key is RSA r ? r.ExportPkcs8PrivateKeyPem() : ((ECDsa)key).ExportPkcs8PrivateKeyPem();
        return new IssuedCertificate(
            Write($"{stem}.crt", certificate.ExportCertificatePem()),
            Write($"{stem}.key", keyPem),
            X509CertificateLoader.LoadCertificate(certificate.RawData));
    }

    /// <summary>A file of the given content in the CA's folder.</summary>
    public string Write(string name, string content)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    /// <summary>A path in the CA's folder where nothing is.</summary>
    public string Missing(string name) => Path.Combine(_folder, name);

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void AddNames(CertificateRequest request, string[] names, string? uri)
    {
        if (names.Length == 0 && uri is null)
            return;
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }
        if (uri is not null)
            alternatives.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(alternatives.Build());
    }
}
