using System.Runtime.InteropServices;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// The entry points of OpenSSL's libcrypto that we call, under their own names.
/// Source: the BIO_*, PEM_*, X509_* and ERR_* pages of man 3 (OpenSSL 3.0).
/// </summary>
internal static unsafe partial class LibCrypto
{
    /// <summary>The library's file name as the dynamic linker knows it; the number is the ABI of OpenSSL 3.</summary>
    public const string FileName = "libcrypto.so.3";

    public const int BioTypeSourceSink = 0x0400;
    public const int BioFlagRead = 0x01;
    public const int BioFlagShouldRetry = 0x08;
    public const int BioControlFlush = 11;

    public const uint CheckNoPartialWildcards = 0x04;
    public const int VerifyOk = 0;

    /// <summary>X509_V_FLAG_CRL_CHECK and X509_V_FLAG_CRL_CHECK_ALL: the leaf and every CA above it, as PostgreSQL does.</summary>
    public const ulong CheckRevocationOfAll = 0x4 | 0x8;

    /// <summary>The longest digest OpenSSL can produce, in bytes (EVP_MAX_MD_SIZE).</summary>
    public const int MaxDigestLength = 64;

    [LibraryImport(FileName)]
    public static partial ulong OpenSSL_version_num();

    [LibraryImport(FileName)]
    public static partial ulong ERR_get_error();

    /// <summary>The newest error of this thread, left in the queue.</summary>
    [LibraryImport(FileName)]
    public static partial ulong ERR_peek_last_error();

    [LibraryImport(FileName)]
    public static partial void ERR_clear_error();

    [LibraryImport(FileName)]
    public static partial nint ERR_reason_error_string(ulong code);

    [LibraryImport(FileName)]
    public static partial BioHandle BIO_new_mem_buf(byte* bytes, int length);

    [LibraryImport(FileName)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(FileName)]
    public static partial int BIO_free(nint bio);

    [LibraryImport(FileName)]
    public static partial int BIO_get_new_index();

    [LibraryImport(FileName)]
    public static partial nint BIO_meth_new(int type, byte* name);

    [LibraryImport(FileName)]
    public static partial int BIO_meth_set_read(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(FileName)]
    public static partial int BIO_meth_set_write(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport(FileName)]
    public static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged[Cdecl]<nint, int, long, nint, long> control);

    [LibraryImport(FileName)]
    public static partial void BIO_set_data(nint bio, nint data);

    [LibraryImport(FileName)]
    [SuppressGCTransition]
    public static partial nint BIO_get_data(nint bio);

    [LibraryImport(FileName)]
    public static partial void BIO_set_init(nint bio, int initialized);

    [LibraryImport(FileName)]
    [SuppressGCTransition]
    public static partial void BIO_set_flags(nint bio, int flags);

    /// <summary>The last argument is the passphrase when no callback is given: an empty one keeps OpenSSL from asking the terminal.</summary>
    [LibraryImport(FileName)]
    public static partial KeyHandle PEM_read_bio_PrivateKey(BioHandle bio, nint key, nint callback, byte* passphrase);

    [LibraryImport(FileName)]
    public static partial X509Handle PEM_read_bio_X509(BioHandle bio, nint certificate, nint callback, byte* passphrase);

    [LibraryImport(FileName)]
    public static partial X509CrlHandle PEM_read_bio_X509_CRL(BioHandle bio, nint list, nint callback, byte* passphrase);

    [LibraryImport(FileName)]
    public static partial void X509_CRL_free(nint list);

    [LibraryImport(FileName)]
    public static partial int X509_STORE_add_crl(nint store, X509CrlHandle list);

    [LibraryImport(FileName)]
    public static partial int X509_STORE_set_flags(nint store, ulong flags);

    [LibraryImport(FileName)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(FileName)]
    public static partial nint EVP_get_digestbyname(nint name);

    [LibraryImport(FileName)]
    public static partial nint OBJ_nid2sn(int identifier);

    [LibraryImport(FileName)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(FileName)]
    public static partial int X509_up_ref(X509Handle certificate);

    [LibraryImport(FileName)]
    public static partial int X509_check_private_key(X509Handle certificate, KeyHandle key);

    /// <summary>With a null destination: the length in bytes.</summary>
    [LibraryImport(FileName)]
    public static partial int i2d_X509(X509Handle certificate, byte** destination);

    [LibraryImport(FileName)]
    public static partial int X509_get_signature_info(X509Handle certificate, int* digest, int* publicKey, int* securityBits, uint* flags);

    [LibraryImport(FileName)]
    public static partial int X509_digest(X509Handle certificate, nint digest, byte* destination, uint* length);

    [LibraryImport(FileName)]
    public static partial int X509_STORE_add_cert(nint store, X509Handle certificate);

    [LibraryImport(FileName)]
    public static partial nint X509_verify_cert_error_string(long code);

    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int X509_VERIFY_PARAM_set1_host(nint parameters, string name, nuint length);

    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int X509_VERIFY_PARAM_set1_ip_asc(nint parameters, string address);

    [LibraryImport(FileName)]
    public static partial void X509_VERIFY_PARAM_set_hostflags(nint parameters, uint flags);
}
