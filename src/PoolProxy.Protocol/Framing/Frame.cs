using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PoolProxy.Protocol.Framing;

/// <summary>
/// The envelope of every message but the startup ones: a type byte, then a length (Int32, big-endian) that counts itself and the body.
/// Source: protocol-overview.html#PROTOCOL-MESSAGE-CONCEPTS.
/// </summary>
public static class Frame
{
    /// <summary>Bytes of type and length together.</summary>
    public const int HeaderLength = 5;

    /// <summary>The smallest length a frame may state: that of the length field itself.</summary>
    public const int MinStatedLength = 4;

    /// <summary>
    /// Reads type and length of the frame that starts at <paramref name="bytes"/>. Never allocates and never looks at the body.
    /// </summary>
    /// <param name="bytes">Bytes from the start of a frame on; any number of them.</param>
    /// <param name="type">The frame's type byte, where the answer is not <see cref="FrameStatus.NeedMore"/>.</param>
    /// <param name="totalLength">
    /// Bytes of the whole frame, type byte included: 5 to 2^31. It is 64 bits wide so that a stated length of 2^31−1 plus the
    /// type byte does not wrap (CVE-2024-27304, CVE-2024-32655). 0 unless the answer is <see cref="FrameStatus.Complete"/>.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FrameStatus TryReadHeader(ReadOnlySpan<byte> bytes, out byte type, out long totalLength)
    {
        if (bytes.Length < HeaderLength)
        {
            type = 0;
            totalLength = 0;
            return FrameStatus.NeedMore;
        }

        type = bytes[0];
        int stated = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        if (stated < MinStatedLength)
        {
            totalLength = 0;
            return FrameStatus.Malformed;
        }

        totalLength = 1L + stated;
        return FrameStatus.Complete;
    }
}
