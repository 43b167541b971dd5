using System.Runtime.InteropServices;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// Turns OpenSSL's per-thread error queue into one readable line, and empties it. Only OpenSSL's own fixed reason texts
/// are used: they carry no file content, key or data of a peer.
/// </summary>
internal static class OpenSslError
{
    // ssl.h, SSL_AD_REASON_OFFSET: a reason of 1000 + n says that the peer sent alert n.
    private const int AlertOffset = 1000;
    private const int MaxAlert = 255;
    private const int LibraryShift = 23;
    private const int LibraryMask = 0xFF;
    private const int SslLibrary = 20;
    private const int ReasonMask = 0x7F_FFFF;

    /// <summary>The oldest queued error, which is the cause of the later ones; <paramref name="fallback"/> when none is queued.</summary>
    public static string Take(string fallback)
    {
        ulong code = LibCrypto.ERR_get_error();
        LibCrypto.ERR_clear_error();
        return code == 0 ? fallback : Describe(code) ?? fallback;
    }

    private static string? Describe(ulong code)
    {
        int reason = (int)(code & ReasonMask);
        if ((int)((code >> LibraryShift) & LibraryMask) == SslLibrary && reason is >= AlertOffset and <= AlertOffset + MaxAlert)
        {
            return $"the peer sent the alert \"{Text(LibSsl.SSL_alert_desc_string_long(reason - AlertOffset))}\"";
        }
        return Text(LibCrypto.ERR_reason_error_string(code));
    }

    /// <summary>A constant C string of OpenSSL's; null for a null pointer.</summary>
    public static string? Text(nint constant) => Marshal.PtrToStringUTF8(constant);
}
