using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Makes the keys by which one loop's clients may be cancelled: a number that names the client (no process of the system) and a secret. The
/// number says which loop the client lives on; both have to match there. Random bytes come from the secure generator, many at a time, and are
/// wiped as they are given out. Owned by that loop.
/// </summary>
internal sealed class CancelKeys(int loopIndex)
{
    private const int DrawnBytes = 4096;

    private readonly byte[] _drawn = new byte[DrawnBytes];
    private int _given = DrawnBytes;

    /// <summary>The loop of the client that a number would belong to.</summary>
    public static int LoopOf(int processId, int loopCount) => (int)((uint)processId % (uint)loopCount);

    /// <summary>A number above zero; whether somebody has it already is for the caller to see.</summary>
    public int NextProcessId(int loopCount)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        while (true)
        {
            Draw(bytes);

            // Each loop has as many numbers as the others: what is above the last whole round is drawn again.
            var number = BinaryPrimitives.ReadInt32LittleEndian(bytes) & int.MaxValue;
            var processId = (number - (number % loopCount)) + (long)loopIndex;
            if (processId is > 0 and <= int.MaxValue)
            {
                return (int)processId;
            }
        }
    }

    /// <summary>A secret: 4 bytes for protocol 3.0, 32 from 3.2 on.</summary>
    public CancelSecret NextSecret(int lengthBytes)
    {
        Span<byte> bytes = stackalloc byte[CancelSecret.LongBytes];
        bytes = bytes[..lengthBytes];
        Draw(bytes);
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
