using System.Buffers;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Admin;

/// <summary>
/// A console client's bytes until whole messages can be taken from them. Bounded: a message has at most <see cref="MaxMessageBytes"/>,
/// and whoever fills it stops reading at <see cref="IsFull"/>. Holds no memory while empty.
/// </summary>
internal sealed class ConsoleInput
{
    /// <summary>The longest message the console takes, header included.</summary>
    public const int MaxMessageBytes = 64 * 1024;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>Enough for a whole message of any size.</summary>
    public bool IsFull => _end - _start >= MaxMessageBytes;

    /// <summary>Adds what has come.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(_end - _start + bytes.Length);
            _bytes.AsSpan(_start, _end - _start).CopyTo(larger);
            Return();
            _bytes = larger;
            _end -= _start;
            _start = 0;
        }

        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>
    /// The next message whole; NeedMore while it is not. Malformed: its length cannot be, or is above the bound
    /// (<paramref name="totalLength"/> says which). The body is valid until the next call.
    /// </summary>
    public FrameStatus TryTake(out byte type, out ReadOnlySpan<byte> body, out long totalLength)
    {
        body = default;
        var waiting = _bytes.AsSpan(_start, _end - _start);
        if (waiting.IsEmpty)
        {
            Clear();
        }

        var status = Frame.TryReadHeader(waiting, out type, out totalLength);
        if (status != FrameStatus.Complete)
        {
            return status;
        }

        if (totalLength > MaxMessageBytes)
        {
            return FrameStatus.Malformed;
        }

        if (totalLength > waiting.Length)
        {
            return FrameStatus.NeedMore;
        }

        body = waiting[Frame.HeaderLength..(int)totalLength];
        _start += (int)totalLength;
        return FrameStatus.Complete;
    }

    /// <summary>The first bytes that wait, for an error.</summary>
    public ReadOnlySpan<byte> Peek(int length) => _bytes.AsSpan(_start, Math.Min(length, _end - _start));

    /// <summary>Forgets everything and gives the memory back.</summary>
    public void Clear()
    {
        Return();
        _bytes = [];
        _start = _end = 0;
    }

    private void Return()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }
    }
}
