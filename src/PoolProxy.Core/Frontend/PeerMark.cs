namespace PoolProxy.Core.Frontend;

/// <summary>
/// What a cancel key says to the peers of the process that made it, exactly where PgBouncer has it since 1.21, so that both may stand behind one address: bytes 1 and 2
/// of the key (of the number, big-endian) are the peer's id, low byte first, and the two lowest bits of byte 7 (of the secret, its fourth) count how often
/// it may be passed on. The number keeps 15 free bits and the short secret 30: one guess in 35 million million.
/// </summary>
internal static class PeerMark
{
    /// <summary>The free bits of a number, all set.</summary>
    public const int HighestFreeBits = 0x7FFF;

    private const int HopsByte = 3;
    private const byte HopsMask = 0x03;

    /// <summary>A number of those free bits with the id of its process.</summary>
    public static int Put(int freeBits, int peerId) => ((freeBits >> 8) << 24) | ((peerId & 0xFF) << 16) | (peerId & 0xFF00) | (freeBits & 0xFF);

    /// <summary>The process that made a number; any number has one, whoever made it.</summary>
    public static int PeerOf(int processId) => ((processId >> 16) & 0xFF) | (processId & 0xFF00);

    /// <summary>What a number has besides.</summary>
    public static int FreeBitsOf(int processId) => ((processId >> 24) & 0x7F) << 8 | (processId & 0xFF);

    /// <summary>As a key is given to a client: it may be passed on three times.</summary>
    public static void FillHops(Span<byte> secret) => secret[HopsByte] |= HopsMask;

    /// <summary>One time less; false where there is none left.</summary>
    public static bool TryTakeHop(Span<byte> secret)
    {
        if ((secret[HopsByte] & HopsMask) == 0)
        {
            return false;
        }

        secret[HopsByte]--;
        return true;
    }
}
