using System.Buffers.Binary;

namespace PoolProxy.Core.Transport;

/// <summary>
/// What cold code waits for on a <see cref="ColdChannel"/>: how much of the unread bytes belongs to it, and whether it is there.
/// </summary>
/// <param name="Kind">What is read.</param>
/// <param name="MaxLengthBytes">The longest body of a packet or message; a longer one is refused before anything is allocated for it.</param>
internal readonly record struct ColdRead(ColdReadKind Kind, int MaxLengthBytes = 1)
{
    private const int LengthBytes = 4;

    /// <summary>True: here it is, taken from the input. False with a failure: never; without one: not yet.</summary>
    public bool TryTake(ColdInput input, out ColdMessage message, out Exception? failure)
    {
        message = default;
        failure = null;
        var unread = input.Unread;
        if (unread.IsEmpty)
        {
            return false;
        }

        switch (Kind)
        {
            case ColdReadKind.Peek:
                message = new ColdMessage(unread[0], default);
                return true;
            case ColdReadKind.Byte:
                message = new ColdMessage(unread[0], default);
                input.Skip(1);
                return true;
            case ColdReadKind.Startup:
                return TryTakeFramed(input, typeBytes: 0, minBodyBytes: LengthBytes, out message, out failure);
            default:
                return TryTakeFramed(input, typeBytes: 1, minBodyBytes: 0, out message, out failure);
        }
    }

    private bool TryTakeFramed(ColdInput input, int typeBytes, int minBodyBytes, out ColdMessage message, out Exception? failure)
    {
        message = default;
        failure = null;
        var unread = input.Unread;
        var headerBytes = typeBytes + LengthBytes;
        if (unread.Length < headerBytes)
        {
            return false;
        }

        // protocol-overview.html#PROTOCOL-MESSAGE-CONCEPTS: the length counts itself but not the type byte. Compared as 64 bits.
        var bodyBytes = (long)BinaryPrimitives.ReadInt32BigEndian(unread[typeBytes..]) - LengthBytes;
        if (bodyBytes < minBodyBytes || bodyBytes > MaxLengthBytes)
        {
            failure = new ProtocolViolationException($"a message of {bodyBytes + LengthBytes} bytes where {MaxLengthBytes + (long)LengthBytes} are the most");
            return false;
        }

        if (unread.Length < headerBytes + bodyBytes)
        {
            return false;
        }

        var type = typeBytes == 0 ? (byte)0 : unread[0];
        message = new ColdMessage(type, input.Lend(headerBytes, (int)bodyBytes));
        return true;
    }
}
