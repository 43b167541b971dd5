using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops;

/// <summary>What a TCP peer has sent and nobody will read.</summary>
internal static unsafe class UnreadBytes
{
    private const int DiscardAtMostBytes = 1024 * 1024;

    /// <summary>
    /// Throws it away, before the descriptor is closed. Closing with such bytes makes the kernel send a reset, which overtakes and destroys our
    /// own last words (a FATAL ErrorResponse) on their way. Bounded: a peer that keeps sending gets its reset.
    /// </summary>
    public static void Discard(int descriptor)
    {
        for (var discarded = 0L; discarded < DiscardAtMostBytes;)
        {
            // tcp(7): with MSG_TRUNC the bytes are dropped and the buffer is not touched.
            var length = Libc.recv(descriptor, null, DiscardAtMostBytes, Libc.MSG_TRUNC | Libc.MSG_DONTWAIT);
            if (length <= 0)
            {
                return;
            }

            discarded += length;
        }
    }
}
