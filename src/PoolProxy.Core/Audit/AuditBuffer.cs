using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;

namespace PoolProxy.Core.Audit;

/// <summary>
/// JSON being put together in a rented array. Everything that is not printable ASCII becomes <c>\u</c>, as in <see cref="AuditLine"/>. One thread at a
/// time; kept and used again, so that records make no garbage.
/// </summary>
internal sealed class AuditBuffer : IDisposable
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        " !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    private byte[] _bytes;

    /// <summary>Rents room for so many bytes; it grows.</summary>
    public AuditBuffer(int capacity = 512) => _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    /// <summary>How many bytes there are.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    /// <summary>Forgets what it holds.</summary>
    public void Clear() => Length = 0;

    /// <summary>Forgets what stands behind <paramref name="length"/>.</summary>
    public void CutTo(int length)
    {
        Debug.Assert(length <= Length, "only backwards");
        Length = length;
    }

    /// <summary>As they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>A number.</summary>
    public void Number(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        Length += written;
    }

    /// <summary>Thousandths, as a number with up to three decimals.</summary>
    public void Thousandths(long value)
    {
        Number(value / 1000);
        var rest = (int)(value % 1000);
        if (rest == 0)
            return;
        Span<byte> decimals = [(byte)'.', (byte)('0' + rest / 100), (byte)('0' + rest / 10 % 10), (byte)('0' + rest % 10)];
        Raw(decimals.TrimEnd((byte)'0'));
    }

    /// <summary>Lower-case hexadecimal digits.</summary>
    public void Hex(ReadOnlySpan<byte> bytes)
    {
        var room = Room(2 * bytes.Length);
        for (var i = 0; i < bytes.Length; i++)
        {
            room[2 * i] = "0123456789abcdef"u8[bytes[i] >> 4];
            room[2 * i + 1] = "0123456789abcdef"u8[bytes[i] & 15];
        }

        Length += 2 * bytes.Length;
    }

    /// <summary>Text in UTF-8 as a JSON string with its quotes; a byte that is no UTF-8 becomes U+FFFD.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        Raw("\""u8);
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            if (plain != 0)
            {
                Raw(plain < 0 ? text : text[..plain]);
                if (plain < 0)
                    break;
                text = text[plain..];
            }

            System.Text.Rune.DecodeFromUtf8(text, out var rune, out var consumed);
            Escape(rune);
            text = text[consumed..];
        }

        Raw("\""u8);
    }

    /// <summary>Text as a JSON string with its quotes, cut at <see cref="AuditLine.MaxTextChars"/>.</summary>
    public void Text(string text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(3 * AuditLine.MaxTextChars);
        var length = System.Text.Encoding.UTF8.GetBytes(text.AsSpan(0, Math.Min(text.Length, AuditLine.MaxTextChars)), bytes);
        Text(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>A moment in UTC, to the millisecond, as a JSON string.</summary>
    public void Time(DateTime utc)
    {
        var room = Room(26);
        room[0] = (byte)'"';
        utc.TryFormat(room[1..], out var written, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        room[written + 1] = (byte)'"';
        Length += written + 2;
    }

    /// <summary>Gives the rented array away with its bytes, to be returned by whoever has it then; this buffer is done with.</summary>
    public byte[] Detach(int capacityOfNext)
    {
        var bytes = _bytes;
        _bytes = ArrayPool<byte>.Shared.Rent(capacityOfNext);
        Length = 0;
        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    private void Escape(System.Text.Rune rune)
    {
        switch (rune.Value)
        {
            case '"' or '\\':
                Raw([(byte)'\\', (byte)rune.Value]);
                return;
            case '\n':
                Raw("\\n"u8);
                return;
            case '\r':
                Raw("\\r"u8);
                return;
            case '\t':
                Raw("\\t"u8);
                return;
            case < 0x10000:
                Unit(rune.Value);
                return;
            default:
                Unit(0xD800 + (rune.Value - 0x10000 >> 10));
                Unit(0xDC00 + (rune.Value - 0x10000 & 0x3FF));
                return;
        }
    }

    private void Unit(int unit) => Raw(
    [
        (byte)'\\', (byte)'u', Digit(unit >> 12), Digit(unit >> 8), Digit(unit >> 4), Digit(unit),
    ]);

    private static byte Digit(int value) => "0123456789abcdef"u8[value & 15];

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - Length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _bytes.Length, Length + length));
            Span.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(Length);
    }
}
