using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Makes the keys by which one loop's clients may be cancelled: a number that names the client (no process of the system) and a secret. The
/// number says which loop the client lives on; both have to match there. Random bytes come from the secure generator, many at a time, and are
/// wiped as they are given out. Owned by that loop. With peers the key has <see cref="PeerMark"/> in it, and fewer random bits.
/// </summary>
/// <param name="loopIndex">The loop.</param>
/// <param name="peerId"><c>peer_id</c>; 0 has no peers.</param>
internal sealed class CancelKeys(int loopIndex, int peerId = 0)
{
    private const int DrawnBytes = 4096;

    private readonly byte[] _drawn = new byte[DrawnBytes];
    private int _given = DrawnBytes;

    /// <summary>The loop of the client that a number would belong to.</summary>
    public static int LoopOf(int processId, int loopCount) => (int)((uint)processId % (uint)loopCount);

    /// <summary>The same for a process that has a <paramref name="peerId"/>, which its numbers carry.</summary>
    public static int LoopOf(int processId, int loopCount, int peerId) => LoopOf(peerId > 0 ? PeerMark.FreeBitsOf(processId) : processId, loopCount);

    /// <summary>A number above zero; whether somebody has it already is for the caller to see.</summary>
    public int NextProcessId(int loopCount)
    {
        var highest = peerId > 0 ? PeerMark.HighestFreeBits : int.MaxValue;
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        while (true)
        {
            Draw(bytes);

            // Each loop has as many numbers as the others: what is above the last whole round is drawn again.
            var number = BinaryPrimitives.ReadInt32LittleEndian(bytes) & highest;
            var processId = (number - (number % loopCount)) + (long)loopIndex;
            if (processId > 0 && processId <= highest)
            {
                return peerId > 0 ? PeerMark.Put((int)processId, peerId) : (int)processId;
            }
        }
    }

    /// <summary>A secret: 4 bytes for protocol 3.0, 32 from 3.2 on.</summary>
    public CancelSecret NextSecret(int lengthBytes)
    {
        Span<byte> bytes = stackalloc byte[CancelSecret.LongBytes];
        bytes = bytes[..lengthBytes];
        Draw(bytes);
        if (peerId > 0)
        {
            PeerMark.FillHops(bytes);
        }

        var secret = new CancelSecret(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        return secret;
    }

    private void Draw(Span<byte> destination)
    {
        if (_given + destination.Length > DrawnBytes)
        {
            RandomNumberGenerator.Fill(_drawn);
            _given = 0;
        }

        var source = _drawn.AsSpan(_given, destination.Length);
        source.CopyTo(destination);
        CryptographicOperations.ZeroMemory(source);
        _given += destination.Length;
    }
}
