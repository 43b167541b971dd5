using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// The application protocol "postgresql" (ALPN, RFC 7301), as PostgreSQL 17 and newer do it: a client that names protocols
/// must name this one, or the handshake ends; a client that names none is served, unless it came without an SSLRequest.
/// protocol-flow.html#PROTOCOL-FLOW-SSL
/// </summary>
internal static unsafe class Alpn
{
    /// <summary>The name, which is also how PostgreSQL registered it.</summary>
    public const string Protocol = "postgresql";

    private static ReadOnlySpan<byte> Name => "postgresql"u8;

    // One entry of the list on the wire: length, name.
    private static ReadOnlySpan<byte> Offer => "\u000apostgresql"u8;

    /// <summary>Our server accepts it.</summary>
    public static void Accept(SslContextHandle context) => LibSsl.SSL_CTX_set_alpn_select_cb(context, &Select, 0);

    /// <summary>Our client offers it.</summary>
    public static void Propose(SslContextHandle context)
    {
        fixed (byte* offer = Offer)
        {
            // 0 is success here; it copies the list.
            if (LibSsl.SSL_CTX_set_alpn_protos(context, offer, (uint)Offer.Length) != 0)
                throw new InsufficientMemoryException(OpenSslError.Take("OpenSSL cannot store the ALPN list"));
        }
    }

    // Runs inside OpenSSL: pointers only, nothing that can throw. OpenSSL has checked the list's form (RFC 7301 §3.1).
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Select(nint ssl, byte** chosen, byte* chosenLength, byte* offered, uint offeredLength, nint argument)
    {
        for (uint at = 0; at < offeredLength; at += 1U + offered[at])
        {
            uint length = offered[at];
            if (length > offeredLength - at - 1)
                break;
            if (!new ReadOnlySpan<byte>(offered + at + 1, (int)length).SequenceEqual(Name))
                continue;
            *chosen = offered + at + 1;
            *chosenLength = (byte)length;
            return LibSsl.AlpnOk;
        }
        return LibSsl.AlpnFatal;
    }
}
