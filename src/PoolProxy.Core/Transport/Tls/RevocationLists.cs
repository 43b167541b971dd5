namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// <c>client_tls_crl_file</c>: which of the CAs' certificates are taken back (RFC 5280 §5). As in PostgreSQL the whole chain is checked, so each CA in it needs a list that
/// is in date: without one nobody of that CA comes in.
/// </summary>
internal static unsafe class RevocationLists
{
    /// <summary>Puts the lists into the context's store; does nothing where none are named.</summary>
    public static void Apply(SslContextHandle context, TlsSettings settings, ICollection<TlsFault> faults)
    {
        string setting = settings.Name("_crl_file");
        if (settings.RevocationFile.Length == 0 || CertificateFiles.ReadFile(setting, settings.RevocationFile, faults) is not { } content)
            return;
        nint store = LibSsl.SSL_CTX_get_cert_store(context);
        int count = 0;
        fixed (byte* start = content)
        fixed (byte* noPassphrase = "\0"u8)
        {
            using BioHandle bio = LibCrypto.BIO_new_mem_buf(start, content.Length);
            while (true)
            {
                LibCrypto.ERR_clear_error();
                using X509CrlHandle list = LibCrypto.PEM_read_bio_X509_CRL(bio, 0, 0, noPassphrase);
                if (list.IsInvalid)
                    break;
                if (LibCrypto.X509_STORE_add_crl(store, list) != 1)
                {
                    faults.Add(new TlsFault(setting, $"OpenSSL refuses a list in \"{settings.RevocationFile}\": {OpenSslError.Take("no reason given")}"));
                    return;
                }
                count++;
            }
        }
        ulong end = LibCrypto.ERR_peek_last_error();
        LibCrypto.ERR_clear_error();
        if (end != CertificateFiles.NoStartLine || count == 0)
            faults.Add(new TlsFault(setting, $"revocation list {count + 1} cannot be read in \"{settings.RevocationFile}\"", "The file must be PEM (BEGIN X509 CRL)."));
        else
            _ = LibCrypto.X509_STORE_set_flags(store, LibCrypto.CheckRevocationOfAll);
    }
}
