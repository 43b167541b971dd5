using System.Runtime.InteropServices;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// The entry points of OpenSSL's libssl that we call, under their own names.
/// Plain declarations: what they mean to us is said where they are used. Source: the SSL_* pages of man 3 (OpenSSL 3.0).
/// </summary>
internal static unsafe partial class LibSsl
{
    /// <summary>The library's file name as the dynamic linker knows it; the number is the ABI of OpenSSL 3.</summary>
    public const string FileName = "libssl.so.3";

    public const int VerifyNone = 0;
    public const int VerifyPeer = 1;
    public const int VerifyFailIfNoPeerCertificate = 2;

    public const int ErrorWantRead = 2;
    public const int ErrorZeroReturn = 6;

    public const int ControlMode = 33;
    public const int ControlSetSessionCacheMode = 44;
    public const int ControlSetServerName = 55;
    public const int ControlAddChainCertificate = 89;
    public const int ControlSetGroupsList = 92;
    public const int ControlSetDhAuto = 118;
    public const int ControlSetMinimumVersion = 123;
    public const int ControlSetMaximumVersion = 124;
    public const int ControlGetNegotiatedGroup = 134;

    public const long ModeAcceptMovingWriteBuffer = 0x02;
    public const long ModeReleaseBuffers = 0x10;

    public const ulong OptionNoTicket = 1UL << 14;
    public const ulong OptionNoCompression = 1UL << 17;
    public const ulong OptionServerPreference = 1UL << 22;
    public const ulong OptionNoTls10 = 1UL << 26;
    public const ulong OptionNoTls12 = 1UL << 27;
    public const ulong OptionNoTls11 = 1UL << 28;
    public const ulong OptionNoTls13 = 1UL << 29;
    public const ulong OptionNoRenegotiation = 1UL << 30;

    public const int AlpnOk = 0;
    public const int AlpnFatal = 2;

    [LibraryImport(FileName)]
    public static partial nint TLS_server_method();

    [LibraryImport(FileName)]
    public static partial nint TLS_client_method();

    [LibraryImport(FileName)]
    public static partial SslContextHandle SSL_CTX_new(nint method);

    [LibraryImport(FileName)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(FileName)]
    public static partial long SSL_CTX_ctrl(SslContextHandle context, int command, long number, void* pointer);

    [LibraryImport(FileName)]
    public static partial ulong SSL_CTX_set_options(SslContextHandle context, ulong options);

    [LibraryImport(FileName)]
    public static partial int SSL_CTX_set_num_tickets(SslContextHandle context, nuint count);

    [LibraryImport(FileName)]
    public static partial void SSL_CTX_set_verify(SslContextHandle context, int mode, nint callback);

    [LibraryImport(FileName)]
    public static partial int SSL_CTX_set_default_verify_paths(SslContextHandle context);

    [LibraryImport(FileName)]
    public static partial nint SSL_CTX_get_cert_store(SslContextHandle context);

    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_cipher_list(SslContextHandle context, string list);

    [LibraryImport(FileName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_ciphersuites(SslContextHandle context, string list);

    [LibraryImport(FileName)]
    public static partial int SSL_CTX_use_certificate(SslContextHandle context, X509Handle certificate);

    [LibraryImport(FileName)]
    public static partial int SSL_CTX_use_PrivateKey(SslContextHandle context, KeyHandle key);

    [LibraryImport(FileName)]
    public static partial int SSL_CTX_check_private_key(SslContextHandle context);

    [LibraryImport(FileName)]
    public static partial void SSL_CTX_set_alpn_select_cb(
        SslContextHandle context,
        delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> callback,
        nint argument);

    /// <summary>Answers 0 for success, unlike its neighbours.</summary>
    [LibraryImport(FileName)]
    public static partial int SSL_CTX_set_alpn_protos(SslContextHandle context, byte* protocols, uint length);

    /// <summary>The connection takes its own reference to the context, so the context may go first.</summary>
    [LibraryImport(FileName)]
    public static partial nint SSL_new(SslContextHandle context);

    [LibraryImport(FileName)]
    public static partial void SSL_free(nint ssl);

    /// <summary>Takes one reference when both BIOs are the same object.</summary>
    [LibraryImport(FileName)]
    public static partial void SSL_set_bio(nint ssl, nint read, nint write);

    [LibraryImport(FileName)]
    public static partial void SSL_set_accept_state(nint ssl);

    [LibraryImport(FileName)]
    public static partial void SSL_set_connect_state(nint ssl);

    [LibraryImport(FileName)]
    public static partial long SSL_ctrl(nint ssl, int command, long number, void* pointer);

    [LibraryImport(FileName)]
    public static partial nint SSL_get0_param(nint ssl);

    [LibraryImport(FileName)]
    public static partial int SSL_do_handshake(nint ssl);

    [LibraryImport(FileName)]
    public static partial int SSL_read_ex(nint ssl, byte* destination, nuint length, nuint* read);

    [LibraryImport(FileName)]
    public static partial int SSL_write_ex(nint ssl, byte* source, nuint length, nuint* written);

    [LibraryImport(FileName)]
    public static partial int SSL_shutdown(nint ssl);

    [LibraryImport(FileName)]
    public static partial int SSL_get_error(nint ssl, int result);

    [LibraryImport(FileName)]
    public static partial long SSL_get_verify_result(nint ssl);

    [LibraryImport(FileName)]
    public static partial X509Handle SSL_get1_peer_certificate(nint ssl);

    [LibraryImport(FileName)]
    public static partial nint SSL_get_version(nint ssl);

    [LibraryImport(FileName)]
    public static partial nint SSL_get_current_cipher(nint ssl);

    [LibraryImport(FileName)]
    public static partial nint SSL_CIPHER_get_name(nint cipher);

    [LibraryImport(FileName)]
    public static partial int SSL_CIPHER_get_bits(nint cipher, nint algorithmBits);

    [LibraryImport(FileName)]
    public static partial nint SSL_group_to_name(nint ssl, int group);

    [LibraryImport(FileName)]
    public static partial void SSL_get0_alpn_selected(nint ssl, byte** protocol, uint* length);

    [LibraryImport(FileName)]
    public static partial nint SSL_alert_desc_string_long(int alert);
}
