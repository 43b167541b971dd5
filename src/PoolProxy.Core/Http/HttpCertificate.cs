using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PoolProxy.Core.Http;

/// <summary>The listener's certificate as of the last good reading of its files. Built offline: nothing is downloaded.</summary>
internal sealed class HttpCertificate
{
    private readonly string _certFile;
    private readonly string _keyFile;
    private volatile SslStreamCertificateContext _context;

    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file must not be read.</exception>
    /// <exception cref="CryptographicException">The files hold no certificate and key that belong together.</exception>
    public HttpCertificate(string certFile, string keyFile)
    {
        _certFile = certFile;
        _keyFile = keyFile;
        _context = Load();
    }

    /// <summary>What the next handshake uses.</summary>
    public SslStreamCertificateContext Context => _context;

    /// <summary>Reads the files again; throws as the constructor does, and then what was read before stays.</summary>
    public void Reload() => _context = Load();

    private SslStreamCertificateContext Load()
    {
        var certificate = X509Certificate2.CreateFromPemFile(_certFile, _keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certFile);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }
}
