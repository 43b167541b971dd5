using System.Buffers.Binary;
using System.Text;

namespace PoolProxy.Identity.Countries;

/// <summary>
/// A value of a MaxMind DB's data section (format 2.0, "Output Data Section"): as much of it as finding a text in nested maps takes. The bytes may be anybody's: every
/// step is bounded, and what is malformed is no value.
/// </summary>
/// <param name="section">The section: pointers count from its beginning.</param>
/// <param name="offset">Where the value begins.</param>
internal readonly ref struct MmdbValue(ReadOnlySpan<byte> section, int offset)
{
    /// <summary>A map nested deeper is not skipped over.</summary>
    private const int MaxDepth = 8;

    /// <summary>Values looked at in one map, those inside of others included: real ones have some dozens.</summary>
    private const int MaxValues = 4096;

    private readonly ReadOnlySpan<byte> _section = section;

    private enum Kind
    {
        Extended,
        Pointer,
        Text,
        Double,
        Bytes,
        UInt16,
        UInt32,
        Map,
        Int32,
        UInt64,
        UInt128,
        Array,
        Container,
        End,
        Boolean,
        Float,
    }

    /// <summary>The value of a map's key; false where this is no map or has none.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, out MmdbValue value)
    {
        value = default;
        if (!TryOpen(offset, out Kind kind, out int count, out int at) || kind != Kind.Map)
        {
            return false;
        }

        int budget = MaxValues;
        for (int i = 0; i < count; i++)
        {
            var name = new MmdbValue(_section, at);
            if (!TrySkip(at, ref budget, 0, out int next))
            {
                return false;
            }

            if (name.TryText(out ReadOnlySpan<byte> text) && text.SequenceEqual(key))
            {
                value = new MmdbValue(_section, next);
                return true;
            }

            if (!TrySkip(next, ref budget, 0, out at))
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>The bytes of a text; false where this is none.</summary>
    public bool TryText(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryOpen(offset, out Kind kind, out int length, out int at) || kind != Kind.Text || length > _section.Length - at)
        {
            return false;
        }

        text = _section.Slice(at, length);
        return true;
    }

    /// <summary>An unsigned number of up to 32 bits; false where this is none.</summary>
    public bool TryNumber(out uint number)
    {
        number = 0;
        if (!TryOpen(offset, out Kind kind, out int length, out int at) || kind is not (Kind.UInt16 or Kind.UInt32) || length > 4 || length > _section.Length - at)
        {
            return false;
        }

        foreach (byte part in _section.Slice(at, length))
        {
            number = (number << 8) | part;
        }

        return true;
    }

    // A pointer is followed once: to another it may not lead.
    private bool TryOpen(int at, out Kind kind, out int size, out int content)
    {
        if (!TryControl(at, out kind, out size, out content))
        {
            return false;
        }

        return kind != Kind.Pointer || (TryControl(size, out kind, out size, out content) && kind != Kind.Pointer);
    }

    /// <summary>Of a pointer the size is where it leads.</summary>
    private bool TryControl(int at, out Kind kind, out int size, out int content)
    {
        (kind, size, content) = (Kind.Extended, 0, at + 1);
        if ((uint)at >= (uint)_section.Length)
        {
            return false;
        }

        byte control = _section[at];
        kind = (Kind)(control >> 5);
        if (kind == Kind.Pointer)
        {
            return TryPointer(control, ref content, out size);
        }

        if (kind == Kind.Extended)
        {
            if (content >= _section.Length || _section[content] is 0 or > (int)Kind.Float - 7)
            {
                return false;
            }

            kind = (Kind)(_section[content] + 7);
            content++;
        }

        int low = control & 0x1F;
        int more = low < 29 ? 0 : low - 28;
        if (more > _section.Length - content)
        {
            return false;
        }

        size = low switch
        {
            29 => 29 + _section[content],
            30 => 285 + BinaryPrimitives.ReadUInt16BigEndian(_section[content..]),
            31 => 65821 + ((_section[content] << 16) | (_section[content + 1] << 8) | _section[content + 2]),
            _ => low,
        };
        content += more;
        return true;
    }

    private bool TryPointer(byte control, ref int content, out int target)
    {
        int bytes = ((control >> 3) & 3) + 1;
        target = 0;
        if (bytes > _section.Length - content)
        {
            return false;
        }

        long value = bytes == 4 ? 0 : control & 7;
        foreach (byte part in _section.Slice(content, bytes))
        {
            value = (value << 8) | part;
        }

        value += bytes switch { 2 => 2048, 3 => 526336, _ => 0 };
        content += bytes;
        target = (int)Math.Min(value, int.MaxValue);
        return true;
    }

    private bool TrySkip(int at, ref int budget, int depth, out int next)
    {
        next = 0;
        if (--budget < 0 || depth > MaxDepth || !TryControl(at, out Kind kind, out int size, out int content))
        {
            return false;
        }

        switch (kind)
        {
            case Kind.Pointer or Kind.Boolean:
                next = content;
                return true;
            case Kind.Map or Kind.Array:
                long values = kind == Kind.Map ? 2L * size : size;
                for (long i = 0; i < values; i++)
                {
                    if (!TrySkip(content, ref budget, depth + 1, out content))
                    {
                        return false;
                    }
                }

                next = content;
                return true;
            case Kind.Container or Kind.End:
                return false;
            default:
                next = content + size;
                return size <= _section.Length - content;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => TryText(out ReadOnlySpan<byte> text) ? Encoding.UTF8.GetString(text) : "(no text)";
}
