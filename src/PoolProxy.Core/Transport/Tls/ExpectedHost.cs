using System.Net;
using System.Text;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>The server a client channel means to reach: its SNI, and under verify-full what its certificate must carry.</summary>
/// <param name="Name">The name without a final dot, or the address in text.</param>
/// <param name="IsAddress">It is an IPv4 or IPv6 address, which never goes into SNI (RFC 6066 §3).</param>
/// <param name="IsVerified">The certificate must carry it.</param>
internal readonly unsafe record struct ExpectedHost(string Name, bool IsAddress, bool IsVerified)
{
    // RFC 1035 §2.3.4; OpenSSL's SNI has the same bound.
    private const int MaxNameLength = 255;

    /// <summary>Sorts a configured host into name or address.</summary>
    /// <exception cref="ArgumentException">Longer than 255 bytes, or with a NUL.</exception>
    public static ExpectedHost Parse(string host, bool isVerified)
    {
        // IPAddress also takes "1" and "127.1", which are names to a resolver and to certificates.
        bool isAddress = IPAddress.TryParse(host, out _) && (host.Contains(':') || host.Count(c => c == '.') == 3);
        string name = isAddress || !host.EndsWith('.') ? host : host[..^1];
        if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > MaxNameLength || name.Contains('\0'))
            throw new ArgumentException("a host name must have 1 to 255 bytes", nameof(host));
        return new ExpectedHost(name, isAddress, isVerified);
    }

    /// <summary>Lays it on a connection before its handshake.</summary>
    public void Apply(nint ssl)
    {
        bool isDone = IsAddress || ApplyServerName(ssl);
        if (IsVerified)
        {
            nint parameters = LibSsl.SSL_get0_param(ssl);
            // "*.example.com" is accepted, "db*.example.com" is not (RFC 9525 §6.3), as libpq does.
            LibCrypto.X509_VERIFY_PARAM_set_hostflags(parameters, LibCrypto.CheckNoPartialWildcards);
            isDone &= 1 == (IsAddress
                ? LibCrypto.X509_VERIFY_PARAM_set1_ip_asc(parameters, Name)
                : LibCrypto.X509_VERIFY_PARAM_set1_host(parameters, Name, 0));
        }
        // A connection that does not check what it was told to check must not exist.
        if (!isDone)
            throw new ArgumentException(OpenSslError.Take("OpenSSL refuses the host name"));
    }

    private bool ApplyServerName(nint ssl)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(Name + '\0'))
            return LibSsl.SSL_ctrl(ssl, LibSsl.ControlSetServerName, 0, name) == 1;
    }
}
