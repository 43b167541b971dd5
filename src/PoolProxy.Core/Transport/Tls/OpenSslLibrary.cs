using System.Runtime.InteropServices;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// Answers whether OpenSSL 3 can be used in this process, so that a machine without it gets one sentence with the
/// package's name at start, not a DllNotFoundException in the middle of a handshake.
/// </summary>
internal static class OpenSslLibrary
{
    private const ulong FirstVersion = 0x3000_0000;

    /// <summary>Null when OpenSSL 3 is there; otherwise what is missing and which package brings it.</summary>
    public static string? FindFault() => FindFault(LibCrypto.FileName, LibSsl.FileName);

    /// <summary>As above, for libraries of the given names; the handles are never released, as the process needs them to its end.</summary>
    internal static string? FindFault(string cryptoFileName, string sslFileName)
    {
        foreach (string fileName in (ReadOnlySpan<string>)[cryptoFileName, sslFileName])
        {
            if (!NativeLibrary.TryLoad(fileName, out _))
            {
                return $"TLS needs OpenSSL 3, and {fileName} cannot be loaded: install libssl3 (Debian 12, Ubuntu 22.04, Alpine), libssl3t64 (Debian 13, Ubuntu 24.04) or openssl-libs (Fedora, RHEL)";
            }
        }
        ulong version = LibCrypto.OpenSSL_version_num();
        return version >= FirstVersion ? null : $"TLS needs OpenSSL 3, and {cryptoFileName} is version 0x{version:x8}";
    }
}
