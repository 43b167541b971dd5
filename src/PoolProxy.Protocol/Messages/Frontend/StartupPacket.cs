using System.Buffers.Binary;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>
/// The envelope of a client's first messages: a length (Int32, counts itself) and a code, without a type byte.
/// Source: protocol-flow.html#PROTOCOL-FLOW-START-UP; bounds as in PostgreSQL's <c>ProcessStartupPacket</c>.
/// </summary>
public static class StartupPacket
{
    /// <summary>Bytes of the length field.</summary>
    public const int HeaderLength = 4;

    /// <summary>The most bytes behind the length field, as in PostgreSQL (MAX_STARTUP_PACKET_LENGTH).</summary>
    public const int MaxBodyLengthBytes = 10_000;

    /// <summary>The most bytes of a packet, length field included.</summary>
    public const int MaxTotalLengthBytes = HeaderLength + MaxBodyLengthBytes;

    /// <summary>The first byte of a TLS ClientHello: a client that starts TLS without SSLRequest (PostgreSQL 17, <c>sslnegotiation=direct</c>).</summary>
    public const byte TlsHandshakeByte = 0x16;

    private const int MinTotalLengthBytes = HeaderLength + sizeof(int);

    /// <summary>Reads the length of the packet that starts at <paramref name="bytes"/>.</summary>
    /// <param name="bytes">What has arrived so far.</param>
    /// <param name="totalLength">Bytes of the packet with its length field, 8 to <see cref="MaxTotalLengthBytes"/>; 0 unless complete.</param>
    /// <returns><see cref="FrameStatus.Malformed"/> for a length out of those bounds: "invalid length of startup packet" (08P01).</returns>
    public static FrameStatus TryReadHeader(ReadOnlySpan<byte> bytes, out int totalLength)
    {
        totalLength = 0;
        if (!BinaryPrimitives.TryReadInt32BigEndian(bytes, out int stated)) return FrameStatus.NeedMore;
        if (stated is < MinTotalLengthBytes or > MaxTotalLengthBytes) return FrameStatus.Malformed;

        totalLength = stated;
        return FrameStatus.Complete;
    }

    /// <summary>Says what a packet is by its code.</summary>
    /// <param name="body">The packet behind its length field.</param>
    public static StartupPacketKind Classify(ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBodyLengthBytes || !BinaryPrimitives.TryReadInt32BigEndian(body, out int code)) return StartupPacketKind.Malformed;

        return code switch
        {
            SSLRequest.Code => body.Length == sizeof(int) ? StartupPacketKind.SSLRequest : StartupPacketKind.Malformed,
            GSSENCRequest.Code => body.Length == sizeof(int) ? StartupPacketKind.GSSENCRequest : StartupPacketKind.Malformed,
            CancelRequest.Code => CancelRequest.TryRead(body, out _) ? StartupPacketKind.CancelRequest : StartupPacketKind.Malformed,
            _ => StartupPacketKind.StartupMessage,
        };
    }
}
