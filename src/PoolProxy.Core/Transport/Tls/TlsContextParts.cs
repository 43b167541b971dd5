namespace PoolProxy.Core.Transport.Tls;

/// <summary>The steps that both contexts share: a bare context, our certificate, the CAs of the peer.</summary>
internal static unsafe class TlsContextParts
{
    /// <summary>A context with what never depends on settings; null with a fault when OpenSSL is missing. The caller disposes it.</summary>
    public static SslContextHandle? CreateContext(TlsSettings settings, bool isServer, ICollection<TlsFault> faults)
    {
        if (OpenSslLibrary.FindFault() is { } missing)
        {
            faults.Add(new TlsFault(settings.Name("_sslmode"), missing));
            return null;
        }
        LibCrypto.ERR_clear_error();
        SslContextHandle context = LibSsl.SSL_CTX_new(isServer ? LibSsl.TLS_server_method() : LibSsl.TLS_client_method());
        if (context.IsInvalid)
        {
            context.Dispose();
            throw new InsufficientMemoryException(OpenSslError.Take("OpenSSL cannot make a context"));
        }
        // No resumption in either direction, as in PostgreSQL: a resumed session would carry a certificate check, and a
        // certificate of ours, past the RELOAD that changed them.
        _ = LibSsl.SSL_CTX_set_options(context, LibSsl.OptionNoCompression | LibSsl.OptionNoRenegotiation | LibSsl.OptionNoTicket);
        _ = LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlSetSessionCacheMode, 0, null);
        _ = LibSsl.SSL_CTX_set_num_tickets(context, 0);
        // Read and write buffers (about 17 KiB each) go back as soon as they are empty: idle connections are most of them.
        _ = LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlMode, LibSsl.ModeReleaseBuffers | LibSsl.ModeAcceptMovingWriteBuffer, null);
        return context;
    }

    /// <summary>
    /// Our certificate, its chain and its key. Answers the leaf, which the caller disposes; null when none is set or a
    /// fault was added. One of the two files without the other is a fault.
    /// </summary>
    public static X509Handle? UseCertificate(SslContextHandle context, TlsSettings settings, ICollection<TlsFault> faults)
    {
        string certificateSetting = settings.Name("_cert_file"), keySetting = settings.Name("_key_file");
        if (settings.CertificateFile.Length == 0 && settings.KeyFile.Length == 0)
            return null;
        if (settings.CertificateFile.Length == 0 || settings.KeyFile.Length == 0)
        {
            string missing = settings.KeyFile.Length == 0 ? keySetting : certificateSetting;
            faults.Add(new TlsFault(missing, "is not set", $"Set both {certificateSetting} and {keySetting}."));
            return null;
        }
        var chain = CertificateFiles.ReadCertificates(certificateSetting, settings.CertificateFile, faults);
        using KeyHandle? key = CertificateFiles.ReadKey(keySetting, settings.KeyFile, faults);
        try
        {
            if (chain is null || key is null)
                return null;
            if (LibCrypto.X509_check_private_key(chain[0], key) != 1)
            {
                LibCrypto.ERR_clear_error();
                faults.Add(new TlsFault(keySetting, $"the key in \"{settings.KeyFile}\" does not belong to the first certificate in \"{settings.CertificateFile}\""));
                return null;
            }
            if (!Install(context, chain, key))
            {
                faults.Add(new TlsFault(certificateSetting, $"OpenSSL refuses \"{settings.CertificateFile}\": {OpenSslError.Take("no reason given")}"));
                return null;
            }
            return new X509Handle(chain[0]);
        }
        finally
        {
            CertificateFiles.Release(chain);
        }
    }

    /// <summary>The CAs of <c>…_ca_file</c>; the machine's own when it is not set.</summary>
    public static void TrustAuthorities(SslContextHandle context, TlsSettings settings, ICollection<TlsFault> faults)
    {
        string setting = settings.Name("_ca_file");
        if (settings.AuthorityFile.Length == 0)
        {
            if (LibSsl.SSL_CTX_set_default_verify_paths(context) != 1)
                faults.Add(new TlsFault(setting, $"the machine's CAs cannot be loaded: {OpenSslError.Take("no reason given")}"));
            return;
        }
        var authorities = CertificateFiles.ReadCertificates(setting, settings.AuthorityFile, faults);
        nint store = LibSsl.SSL_CTX_get_cert_store(context);
        foreach (X509Handle authority in authorities ?? [])
        {
            if (LibCrypto.X509_STORE_add_cert(store, authority) != 1)
            {
                faults.Add(new TlsFault(setting, $"OpenSSL refuses a certificate in \"{settings.AuthorityFile}\": {OpenSslError.Take("no reason given")}"));
                break;
            }
        }
        CertificateFiles.Release(authorities);
        LibCrypto.ERR_clear_error();
    }

    private static bool Install(SslContextHandle context, IReadOnlyList<X509Handle> chain, KeyHandle key)
    {
        LibCrypto.ERR_clear_error();
        if (LibSsl.SSL_CTX_use_certificate(context, chain[0]) != 1 || LibSsl.SSL_CTX_use_PrivateKey(context, key) != 1)
            return false;
        foreach (X509Handle issuer in chain.Skip(1))
        {
            // SSL_CTX_add1_chain_cert takes a reference of its own.
            if (LibSsl.SSL_CTX_ctrl(context, LibSsl.ControlAddChainCertificate, 1, (void*)issuer.DangerousGetHandle()) != 1)
                return false;
        }
        return true;
    }
}
