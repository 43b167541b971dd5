using System.Runtime.InteropServices;

namespace PoolProxy.Load.Driver;

/// <summary>The entry points of OpenSSL 3 that a client needs, under their own names; man 3 of OpenSSL.</summary>
internal static unsafe partial class LibSsl
{
    public const int ErrorWantRead = 2;
    public const int ErrorWantWrite = 3;
    public const int ErrorSystemCall = 5;
    public const int ErrorZeroReturn = 6;
    public const int ControlMode = 33;
    public const int ControlSetMinimumVersion = 123;
    public const int ControlSetMaximumVersion = 124;
    public const int ControlSetGroupsList = 92;
    public const int Tls13 = 0x0304;

    /// <summary>SSL_MODE_ENABLE_PARTIAL_WRITE, SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER and SSL_MODE_RELEASE_BUFFERS.</summary>
    public const long Modes = 0x01 | 0x02 | 0x10;

    private const string Library = "libssl.so.3";

    [LibraryImport(Library)]
    public static partial nint TLS_client_method();

    [LibraryImport(Library)]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial long SSL_CTX_ctrl(nint context, int command, long number, byte* pointer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_ciphersuites(nint context, string list);

    [LibraryImport(Library)]
    public static partial nint SSL_new(nint context);

    [LibraryImport(Library)]
    public static partial void SSL_free(nint connection);

    [LibraryImport(Library)]
    public static partial int SSL_set_fd(nint connection, int descriptor);

    [LibraryImport(Library)]
    public static partial int SSL_connect(nint connection);

    [LibraryImport(Library)]
    public static partial int SSL_read(nint connection, byte* buffer, int length);

    [LibraryImport(Library)]
    public static partial int SSL_write(nint connection, byte* buffer, int length);

    [LibraryImport(Library)]
    public static partial int SSL_has_pending(nint connection);

    [LibraryImport(Library)]
    public static partial int SSL_shutdown(nint connection);

    [LibraryImport(Library)]
    public static partial int SSL_get_error(nint connection, int result);

    [LibraryImport("libcrypto.so.3")]
    public static partial void ERR_clear_error();

    [LibraryImport("libcrypto.so.3")]
    public static partial ulong ERR_get_error();

    [LibraryImport("libcrypto.so.3")]
    public static partial void ERR_error_string_n(ulong error, byte* buffer, nuint length);
}
