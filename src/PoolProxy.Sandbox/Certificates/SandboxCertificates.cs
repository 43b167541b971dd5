using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Sandbox.Certificates;

/// <summary>
/// A certificate authority of its own, kept in one folder: it issues servers' certificates for <c>localhost</c> and 127.0.0.1,
/// clients' certificates, and flawed ones. Everything is valid from an hour ago for one day, and made on demand. Thread-safe.
/// </summary>
public sealed class SandboxCertificates : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _authority;
    private readonly DateTimeOffset _now;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CertificateFiles> _issued = [];

    private SandboxCertificates(string folder, X509Certificate2 authority, DateTimeOffset now)
    {
        Folder = folder;
        _authority = authority;
        _now = now;
    }

    /// <summary>The folder that holds all files.</summary>
    public string Folder { get; }

    /// <summary>The authority's certificate as a PEM file: what a peer has to trust.</summary>
    public string AuthorityFile => Path.Combine(Folder, "ca.crt");

    /// <summary>The authority's certificate, without its key. The caller disposes it.</summary>
    public X509Certificate2 LoadAuthority() => X509CertificateLoader.LoadCertificateFromFile(AuthorityFile);

    /// <summary>A server's certificate with an RSA key of 2048 bits.</summary>
    public CertificateFiles ServerRsa => Issue("server-rsa", "localhost", CertificateKind.Server, KeyKind.Rsa2048);

    /// <summary>A server's certificate with a P-256 key.</summary>
    public CertificateFiles ServerEc => Issue("server-ec", "localhost", CertificateKind.Server, KeyKind.EcP256);

    /// <summary>A server's certificate that ended an hour ago.</summary>
    public CertificateFiles ServerExpired => Issue("server-expired", "localhost", CertificateKind.ExpiredServer, KeyKind.EcP256);

    /// <summary>A server's certificate for <c>elsewhere.invalid</c> only.</summary>
    public CertificateFiles ServerWrongHost => Issue("server-wrong-host", "elsewhere.invalid", CertificateKind.WrongHostServer, KeyKind.EcP256);

    /// <summary>Makes the authority and the folder, if it is not there.</summary>
    /// <param name="folder">Where the PEM files go; its keys are readable by this account only.</param>
    /// <param name="authorityName">The authority's common name.</param>
    /// <param name="time">The clock of the validity periods.</param>
    public static SandboxCertificates Create(string folder, string authorityName = "PoolProxy sandbox CA", TimeProvider? time = null)
    {
        Directory.CreateDirectory(folder);
        DateTimeOffset now = (time ?? TimeProvider.System).GetUtcNow();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(Name(authorityName), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        // A day longer than what it signs: .NET refuses to issue beyond the issuer's own life, to either side.
        X509Certificate2 authority = request.CreateSelfSigned(now - Life, now + Life + Life);
        var certificates = new SandboxCertificates(folder, authority, now);
        File.WriteAllText(certificates.AuthorityFile, authority.ExportCertificatePem() + "\n");
        return certificates;
    }

    /// <summary>A client's certificate with this common name and a P-256 key.</summary>
    public CertificateFiles Client(string commonName) => Issue("client-" + FileName(commonName), commonName, CertificateKind.Client, KeyKind.EcP256);

    /// <summary>A client's certificate with this common name and a URI among its alternative names, such as SPIFFE's.</summary>
    public CertificateFiles Client(string commonName, Uri uri) => Issue("client-" + FileName(commonName) + "-" + FileName(uri.AbsoluteUri), commonName, CertificateKind.Client, KeyKind.EcP256, names => names.AddUri(uri));

    /// <summary>A client's certificate with this common name and DNS names.</summary>
    public CertificateFiles ClientOf(string commonName, params string[] dnsNames) =>
        Issue("client-" + FileName(commonName) + "-" + FileName(string.Join('-', dnsNames)), commonName, CertificateKind.Client, KeyKind.EcP256, names => Array.ForEach(dnsNames, names.AddDnsName));

    /// <summary>A client's certificate that ended an hour ago.</summary>
    public CertificateFiles ClientExpired(string commonName) =>
        Issue("client-expired-" + FileName(commonName), commonName, CertificateKind.ExpiredClient, KeyKind.EcP256);

    /// <summary>Writes a list of revoked certificates, PEM, and returns its path; each call replaces the file.</summary>
    /// <param name="revoked">The certificates.</param>
    /// <param name="isOutdated">The list ended an hour ago.</param>
    public string Revoke(IEnumerable<CertificateFiles> revoked, bool isOutdated = false)
    {
        var list = new CertificateRevocationListBuilder();
        foreach (CertificateFiles files in revoked)
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificateFromFile(files.CertificateFile);
            list.AddEntry(certificate);
        }
        byte[] der = list.Build(_authority, 1, isOutdated ? _now - TimeSpan.FromHours(1) : _now + Life, HashAlgorithmName.SHA256, null, _now - TimeSpan.FromHours(2));
        string file = Path.Combine(Folder, "ca.crl");
        File.WriteAllText(file, PemEncoding.WriteString("X509 CRL", der) + "\n");
        return file;
    }

    /// <inheritdoc/>
    public void Dispose() => _authority.Dispose();

    private enum CertificateKind
    {
        Server,
        ExpiredServer,
        WrongHostServer,
        Client,
        ExpiredClient,
    }

    private enum KeyKind
    {
        Rsa2048,
        EcP256,
    }

    private static X500DistinguishedName Name(string commonName)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(commonName);
        return builder.Build();
    }

    private static string FileName(string commonName) => string.Concat(commonName.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private CertificateFiles Issue(string fileName, string commonName, CertificateKind kind, KeyKind keyKind, Action<SubjectAlternativeNameBuilder>? addNames = null)
    {
        lock (_gate)
        {
            if (!_issued.TryGetValue(fileName, out CertificateFiles? files))
            {
                files = new CertificateFiles(Path.Combine(Folder, fileName + ".crt"), Path.Combine(Folder, fileName + ".key"));
                Write(files, commonName, kind, keyKind, addNames);
                _issued.Add(fileName, files);
            }
            return files;
        }
    }

    private void Write(CertificateFiles files, string commonName, CertificateKind kind, KeyKind keyKind, Action<SubjectAlternativeNameBuilder>? addNames)
    {
        using AsymmetricAlgorithm key = keyKind == KeyKind.Rsa2048 ? RSA.Create(2048) : ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = key is RSA rsa
            ? new CertificateRequest(Name(commonName), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(Name(commonName), (ECDsa)key, HashAlgorithmName.SHA256);
        bool isClient = kind is CertificateKind.Client or CertificateKind.ExpiredClient;
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | (key is RSA ? X509KeyUsageFlags.KeyEncipherment : 0), true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(isClient ? ClientAuthentication : ServerAuthentication)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        if (!isClient)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(commonName);
            if (kind != CertificateKind.WrongHostServer)
            {
                names.AddIpAddress(IPAddress.Loopback);
            }
            request.CertificateExtensions.Add(names.Build());
        }
        if (addNames is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            addNames(names);
            request.CertificateExtensions.Add(names.Build());
        }
        bool isExpired = kind is CertificateKind.ExpiredServer or CertificateKind.ExpiredClient;
        DateTimeOffset from = _now - TimeSpan.FromHours(isExpired ? 2 : 1);
        DateTimeOffset until = isExpired ? _now - TimeSpan.FromHours(1) : _now + Life;
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        using X509Certificate2 certificate = request.Create(_authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_authority.GetECDsaPrivateKey()!), from, until, serial);
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem() + "\n");
        using var file = new StreamWriter(files.KeyFile, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}
