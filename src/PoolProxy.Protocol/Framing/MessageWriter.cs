using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace PoolProxy.Protocol.Framing;

/// <summary>
/// A growable buffer in which whole messages are built, one after the other; for the cold paths (login, console, what the proxy itself asks).
/// Every message is between <see cref="Begin"/> (or <see cref="BeginUntyped"/>) and <see cref="End"/>, which writes its length.
/// Owned by one caller at a time. The memory comes from the shared array pool and is wiped before it goes back, since passwords pass through here.
/// Bound: <see cref="MaxLengthBytes"/> for everything written between two <see cref="Clear"/>s; beyond it <see cref="InvalidOperationException"/>.
/// </summary>
public sealed class MessageWriter : IBufferWriter<byte>, IDisposable
{
    /// <summary>The most bytes a writer holds: 1 GiB − 1, as much as PostgreSQL accepts in one message.</summary>
    public const int MaxLengthBytes = 0x3FFF_FFFF;

    private const int NoMessage = -1;
    private const int DefaultCapacityBytes = 512;

    private byte[] _buffer;
    private int _length;
    private int _dirty;
    private int _lengthField = NoMessage;

    /// <summary>Makes an empty writer.</summary>
    /// <param name="capacityBytes">Room to start with; it grows as needed.</param>
    public MessageWriter(int capacityBytes = DefaultCapacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacityBytes, MaxLengthBytes);
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacityBytes, 16));
    }

    /// <summary>The messages written so far. Valid until the next write, <see cref="Clear"/> or <see cref="Dispose"/>; not inside a message.</summary>
    public ReadOnlySpan<byte> WrittenSpan => WrittenMemory.Span;

    /// <summary>As <see cref="WrittenSpan"/>, for callers that keep it over an await.</summary>
    public ReadOnlyMemory<byte> WrittenMemory =>
        _lengthField == NoMessage ? _buffer.AsMemory(0, _length) : throw new InvalidOperationException("a message is not ended");

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    public int WrittenLength => _length;

    /// <summary>Starts a message of that type; see <see cref="FrontendType"/> and <see cref="BackendType"/>.</summary>
    public void Begin(byte type)
    {
        ThrowIfInMessage();
        WriteByte(type);
        BeginLength();
    }

    /// <summary>Starts a message that has no type byte: StartupMessage, SSLRequest, GSSENCRequest, CancelRequest.</summary>
    public void BeginUntyped()
    {
        ThrowIfInMessage();
        BeginLength();
    }

    /// <summary>Ends the message begun last and writes its length.</summary>
    public void End()
    {
        if (_lengthField == NoMessage) throw new InvalidOperationException("no message was begun");

        // The buffer is bounded well below 2^31, so the sum cannot wrap.
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_lengthField), _length - _lengthField);
        _lengthField = NoMessage;
    }

    /// <summary>Writes one byte.</summary>
    public void WriteByte(byte value)
    {
        GetSpan(1)[0] = value;
        Advance(1);
    }

    /// <summary>Writes an Int16, big-endian.</summary>
    public void WriteInt16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(GetSpan(sizeof(short)), value);
        Advance(sizeof(short));
    }

    /// <summary>Writes an Int32, big-endian.</summary>
    public void WriteInt32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(GetSpan(sizeof(int)), value);
        Advance(sizeof(int));
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return;
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    /// <summary>Writes text as UTF-8, without a terminator.</summary>
    public void WriteText(ReadOnlySpan<char> text)
    {
        int lengthBytes = Encoding.UTF8.GetByteCount(text);
        Advance(Encoding.UTF8.GetBytes(text, GetSpan(Math.Max(lengthBytes, 1))));
    }

    /// <summary>Writes a String: the bytes and a terminator.</summary>
    /// <exception cref="ArgumentException">The bytes hold a NUL, which would end the string early and shift every field behind it.</exception>
    public void WriteCString(ReadOnlySpan<byte> text)
    {
        if (text.Contains((byte)0)) throw new ArgumentException("a NUL inside a string", nameof(text));
        WriteBytes(text);
        WriteByte(0);
    }

    /// <summary>Writes a String from text, as UTF-8 with a terminator.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL.</exception>
    public void WriteCString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("a NUL inside a string", nameof(text));
        WriteText(text);
        WriteByte(0);
    }

    /// <summary>Forgets everything written, an unfinished message too; keeps the memory.</summary>
    public void Clear()
    {
        _length = 0;
        _lengthField = NoMessage;
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsSpan(_length);
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _buffer.AsMemory(_length);
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _length);
        if (count > MaxLengthBytes - _length) throw TooLong();
        _length += count;
        _dirty = Math.Max(_dirty, _length);
    }

    /// <summary>Wipes the memory and gives it back. The writer is empty afterwards; a second call does nothing.</summary>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        Clear();
        Return(buffer);
        _dirty = 0;
    }

    private void BeginLength()
    {
        int start = _length;
        WriteInt32(0);
        _lengthField = start;
    }

    private void Reserve(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int needed = Math.Max(sizeHint, 1);
        if (needed > MaxLengthBytes - _length) throw TooLong();
        if (needed <= _buffer.Length - _length) return;

        long doubled = Math.Min(2L * _buffer.Length, MaxLengthBytes);
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(doubled, _length + needed));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return(_buffer);
        _buffer = larger;
        _dirty = _length;
    }

    private void Return(byte[] buffer)
    {
        if (buffer.Length == 0) return;
        buffer.AsSpan(0, _dirty).Clear();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private void ThrowIfInMessage()
    {
        if (_lengthField != NoMessage) throw new InvalidOperationException("the message before this one is not ended");
    }

    private static InvalidOperationException TooLong() => new("more than 1 GiB of messages");
}
