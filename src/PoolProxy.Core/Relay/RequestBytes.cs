using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Relay;

/// <summary>
/// A client's bytes where they lie: still in the engine's memory, or in the buffer that kept them while they could not be processed.
/// Slices of either become segments of a write without a copy.
/// </summary>
internal readonly unsafe ref struct RequestBytes
{
    private readonly ReceivedBytes _received;
    private readonly byte* _pointer;
    private readonly bool _isReceived;

    public RequestBytes(in ReceivedBytes received)
    {
        _received = received;
        _pointer = received.Pointer;
        Length = received.Length;
        _isReceived = true;
    }

    public RequestBytes(byte* pointer, int length)
    {
        _pointer = pointer;
        Length = length;
    }

    public int Length { get; }

    public ReadOnlySpan<byte> Span => new(_pointer, Length);

    /// <summary>
    /// Makes an empty literal, and blanks behind it, of the literal at that place: what it held is a secret and goes no further. The bytes are the client's
    /// alone, in memory that is read nowhere else.
    /// </summary>
    public void Blank(int offset, int length)
    {
        var literal = new Span<byte>(_pointer + offset, length);
        literal.Fill((byte)' ');
        literal[..2].Fill((byte)'\'');
    }

    /// <summary>Adds a slice to a list that is sent before these bytes go away.</summary>
    public void AddTo(SegmentList list, int offset, int length)
    {
        if (length == 0)
        {
            return;
        }

        if (_isReceived)
        {
            list.AddReceived(in _received, offset, length);
        }
        else
        {
            list.AddBorrowed(_pointer + offset, length);
        }
    }
}
