using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// What a handshake with a client needs: our certificate, the CAs of client certificates, versions, ciphers, curves.
/// Immutable and shared by all loops; a RELOAD makes a new one and swaps the field that holds it. Channels that were opened
/// on an old one keep it alive, so it needs no Dispose at a swap (a loop may be opening on it that very moment); what is left
/// is freed with the last of them.
/// </summary>
internal sealed class TlsServerContext : IDisposable
{
    private readonly SslContextHandle _context;
    private readonly TlsChannelTraits _traits;

    /// <summary><c>client_tls_sslmode</c>, never <see cref="TlsMode.Disable"/>.</summary>
    public TlsMode Mode { get; }

    /// <summary>Our own certificate, for SHOW and for a warning before it expires.</summary>
    public CertificateDescription Certificate { get; }

    private TlsServerContext(SslContextHandle context, TlsMode mode, TlsChannelTraits traits, CertificateDescription certificate)
    {
        _context = context;
        _traits = traits;
        Mode = mode;
        Certificate = certificate;
    }

    /// <summary>
    /// Builds a context, or answers null with every fault added. With <c>client_tls_sslmode = disable</c>: null and no fault.
    /// Blocks on files; not for a loop's thread.
    /// </summary>
    public static TlsServerContext? TryCreate(TlsSettings settings, ICollection<TlsFault> faults)
    {
        if (settings.Mode == TlsMode.Disable)
            return null;
        int faultsBefore = faults.Count;
        SslContextHandle? context = TlsContextParts.CreateContext(settings, isServer: true, faults);
        if (context is null)
            return null;
        // First, as "@SECLEVEL=…" among the ciphers decides which certificates may be used.
        CipherSettings.Apply(context, settings, faults);
        using X509Handle? leaf = TlsContextParts.UseCertificate(context, settings, faults);
        if (settings.CertificateFile.Length == 0 && settings.KeyFile.Length == 0)
            faults.Add(new TlsFault(settings.Name("_cert_file"), "is not set", $"TLS with clients needs {settings.Name("_cert_file")} and {settings.Name("_key_file")}."));
        bool asksForCertificate = AskForCertificate(context, settings, faults);
        _ = LibSsl.SSL_CTX_set_options(context, LibSsl.OptionServerPreference);
        Alpn.Accept(context);
        if (leaf is null || faults.Count > faultsBefore)
        {
            context.Dispose();
            return null;
        }
        var traits = new TlsChannelTraits(IsServer: true, VerifiesPeer: asksForCertificate, ChannelBinding.ServerEndPoint(leaf));
        return new TlsServerContext(context, settings.Mode, traits, CertificateDescription.Of(leaf));
    }

    /// <summary>A channel that waits for a client's hello. Any thread; the channel then belongs to one loop.</summary>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    public TlsChannel Open() => TlsChannel.Open(_context, _traits, expectedHost: null);

    /// <summary>Gives up our reference; open channels are not touched.</summary>
    public void Dispose() => _context.Dispose();

    // verify-ca and verify-full demand a certificate. Below them one is asked for only when client_tls_ca_file says whom to
    // trust, it may be absent (auth_type or an HBA line "cert" decides), and one that does not chain to the CA ends the
    // handshake, as in PostgreSQL: whatever a channel reports as the peer's certificate has been checked.
    // PgBouncer asks always, with the system's CAs as default, and lets verify-ca stand on those: a certificate of any public
    // CA would then be an identity, so here verify-ca needs the file.
    // The CertificateRequest names no CAs (SSL_CTX_set_client_CA_list is never called): a bundle's names are 15 KiB a handshake.
    private static bool AskForCertificate(SslContextHandle context, TlsSettings settings, ICollection<TlsFault> faults)
    {
        bool isDemanded = settings.Mode >= TlsMode.VerifyCa;
        if (settings.AuthorityFile.Length == 0)
        {
            if (isDemanded)
                faults.Add(new TlsFault(settings.Name("_ca_file"), "is not set", $"{settings.Name("_sslmode")} = verify-ca and verify-full need the CAs of client certificates."));
            return false;
        }
        TlsContextParts.TrustAuthorities(context, settings, faults);
        RevocationLists.Apply(context, settings, faults);
        LibSsl.SSL_CTX_set_verify(context, LibSsl.VerifyPeer | (isDemanded ? LibSsl.VerifyFailIfNoPeerCertificate : 0), 0);
        return true;
    }
}
