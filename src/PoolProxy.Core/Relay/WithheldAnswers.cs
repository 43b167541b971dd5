using System.Buffers.Binary;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What a client is told with the next answer of its server and not before: ParseComplete and CloseComplete of the proxy's own, and a
/// ParameterDescription behind which an error may come that the client need not see. They leave in one write with what follows; PostgreSQL
/// too holds its answers back until a Sync or Flush. What the proxy has made comes before what the server has said.
/// </summary>
internal sealed class WithheldAnswers
{
    /// <summary>How many made answers may wait.</summary>
    public const int Capacity = 32;

    private uint _closes;
    private LoopBuffer? _said;

    /// <summary>How many made answers wait.</summary>
    public int MadeCount { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => MadeCount == 0 && _said is null;

    /// <summary>One more made answer waits; there must be room.</summary>
    public void AddMade(bool isClose)
    {
        if (isClose)
        {
            _closes |= 1u << MadeCount;
        }

        MadeCount++;
    }

    /// <summary>Copies a message of the server's; nothing of the server's may wait already.</summary>
    public void AddSaid(BufferPool buffers, byte type, ReadOnlySpan<byte> body)
    {
        Span<byte> header = stackalloc byte[Frame.HeaderLength];
        header[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], Frame.HeaderLength - 1 + body.Length);
        _said = buffers.Rent(Frame.HeaderLength + body.Length);
        _said.Append(header);
        _said.Append(body);
    }

    /// <summary>The server's message, if one waits; the caller's to give back.</summary>
    public LoopBuffer? TakeSaid()
    {
        var said = _said;
        _said = null;
        return said;
    }

    /// <summary>How many made answers wait, oldest first, and a bit for each that is a CloseComplete; they wait no longer.</summary>
    public (int Count, uint Closes) TakeMade()
    {
        var made = (MadeCount, _closes);
        MadeCount = 0;
        _closes = 0;
        return made;
    }

    /// <summary>Nothing of it is to be told.</summary>
    public void Drop()
    {
        TakeMade();
        TakeSaid()?.Return();
    }
}
