using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// What a handshake with a PostgreSQL server needs: the CAs, our own certificate if any, versions, ciphers. Immutable and
/// shared by all loops; a RELOAD makes a new one (see <see cref="TlsServerContext"/> for who keeps an old one alive).
/// </summary>
internal sealed class TlsClientContext : IDisposable
{
    private readonly SslContextHandle _context;
    private readonly TlsChannelTraits _traits;

    /// <summary><c>server_tls_sslmode</c>, never <see cref="TlsMode.Disable"/>.</summary>
    public TlsMode Mode { get; }

    /// <summary>Our own certificate towards servers; null when none is configured.</summary>
    public CertificateDescription? Certificate { get; }

    private TlsClientContext(SslContextHandle context, TlsMode mode, TlsChannelTraits traits, CertificateDescription? certificate)
    {
        _context = context;
        _traits = traits;
        Mode = mode;
        Certificate = certificate;
    }

    /// <summary>
    /// Builds a context, or answers null with every fault added. With <c>server_tls_sslmode = disable</c>: null and no fault.
    /// Blocks on files; not for a loop's thread.
    /// </summary>
    public static TlsClientContext? TryCreate(TlsSettings settings, ICollection<TlsFault> faults)
    {
        if (settings.Mode == TlsMode.Disable)
            return null;
        int faultsBefore = faults.Count;
        SslContextHandle? context = TlsContextParts.CreateContext(settings, isServer: false, faults);
        if (context is null)
            return null;
        // First, as "@SECLEVEL=…" among the ciphers decides which certificates may be used.
        CipherSettings.Apply(context, settings, faults);
        using X509Handle? leaf = TlsContextParts.UseCertificate(context, settings, faults);
        // As in PgBouncer, up to require nothing is checked and the CA file has no say.
        bool verifies = settings.Mode >= TlsMode.VerifyCa;
        if (verifies)
            TlsContextParts.TrustAuthorities(context, settings, faults);
        LibSsl.SSL_CTX_set_verify(context, verifies ? LibSsl.VerifyPeer : LibSsl.VerifyNone, 0);
        Alpn.Propose(context);
        if (faults.Count > faultsBefore)
        {
            context.Dispose();
            return null;
        }
        var traits = new TlsChannelTraits(IsServer: false, verifies, ServerEndPoint: null);
        return new TlsClientContext(context, settings.Mode, traits, leaf is null ? null : CertificateDescription.Of(leaf));
    }

    /// <summary>
    /// A channel with its hello already waiting in <see cref="TlsChannel.PendingCipher"/>. <paramref name="host"/> is the
    /// server's name or address as configured: names go into SNI, and under verify-full the certificate must carry it
    /// (a name in dNSName or else CN, an address in iPAddress).
    /// </summary>
    /// <exception cref="ArgumentException">verify-full without a host, or a host that cannot stand in a certificate.</exception>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public TlsChannel Open(string? host)
    {
        if (Mode == TlsMode.VerifyFull)
            ArgumentException.ThrowIfNullOrEmpty(host);
        ExpectedHost? expected = string.IsNullOrEmpty(host) ? null : ExpectedHost.Parse(host, isVerified: Mode == TlsMode.VerifyFull);
        return TlsChannel.Open(_context, _traits, expected);
    }

    /// <summary>Gives up our reference; open channels are not touched.</summary>
    public void Dispose() => _context.Dispose();
}
