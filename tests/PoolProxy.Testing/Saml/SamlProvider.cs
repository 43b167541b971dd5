using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Testing.Saml;

/// <summary>A SAML identity provider: a key, its certificate, and assertions that are good in every way unless a test spoils them.</summary>
public sealed class SamlProvider : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly X509Certificate2 _certificate;

    public SamlProvider()
    {
        var request = new CertificateRequest("CN=idp.example.com", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(1));
    }

    public string Issuer => "https://idp.example.com/saml";

    public string Audience => "poolproxy";

    public string Recipient => "https://proxy.example.com/saml";

    public RSA Key => _key;

    public X509Certificate2 Certificate => _certificate;

    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>An assertion about this subject, made out at <paramref name="now"/>.</summary>
    public SamlAssertion Assertion(string subject, DateTimeOffset now) => new(this, subject, now);

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
