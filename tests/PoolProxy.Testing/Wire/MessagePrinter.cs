using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PoolProxy.Testing.Wire;

/// <summary>
/// Prints a message's body in the notation of transcripts. The text holds every byte, so two messages print alike only if they are alike.
/// </summary>
internal ref struct MessagePrinter
{
    private readonly StringBuilder _text = new();
    private ReadOnlySpan<byte> _rest;

    private MessagePrinter(ReadOnlySpan<byte> body) => _rest = body;

    /// <summary>The notation of a body of this shape; null where the bytes do not fit the shape to the last.</summary>
    public static string? Print(MessageShape shape, ReadOnlySpan<byte> body)
    {
        if (shape.Code is { } code)
        {
            if (!BinaryPrimitives.TryReadInt32BigEndian(body, out int found) || found != code)
            {
                return null;
            }
            body = body[sizeof(int)..];
        }
        var printer = new MessagePrinter(body);
        printer._text.Append(shape.Name);
        foreach (FieldShape field in shape.Fields)
        {
            printer._text.Append(' ');
            if (!printer.TryPrint(field))
            {
                return null;
            }
        }
        return printer._rest.IsEmpty ? printer._text.ToString().TrimEnd() : null;
    }

    /// <summary>Writes bytes in quotes: ASCII as it is, quotes, backslashes and everything else as <c>\"</c>, <c>\\</c>, <c>\n</c> or <c>\xNN</c>.</summary>
    public static void Quote(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        text.Append('"');
        foreach (byte value in bytes)
        {
            _ = value switch
            {
                (byte)'"' or (byte)'\\' => text.Append('\\').Append((char)value),
                (byte)'\n' => text.Append("\\n"),
                >= 0x20 and < 0x7f => text.Append((char)value),
                _ => text.Append("\\x").Append(value.ToString("x2", CultureInfo.InvariantCulture)),
            };
        }
        text.Append('"');
    }

    private bool TryPrint(FieldShape field)
    {
        switch (field.Kind)
        {
            case FieldKind.Text:
                return TryPrintText();
            case FieldKind.Int8:
                return TryTake(1, out ReadOnlySpan<byte> bytes) && Number((sbyte)bytes[0]);
            case FieldKind.Int16:
                return TryTake(2, out bytes) && Number(BinaryPrimitives.ReadInt16BigEndian(bytes));
            case FieldKind.Int32:
                return TryTake(4, out bytes) && Number(BinaryPrimitives.ReadInt32BigEndian(bytes));
            case FieldKind.Letter:
                if (!TryTake(1, out bytes) || !char.IsAsciiLetter((char)bytes[0]))
                {
                    return false;
                }
                _text.Append((char)bytes[0]);
                return true;
            case FieldKind.Value:
                return TryPrintValue();
            case FieldKind.Rest:
                Quote(_text, _rest);
                _rest = default;
                return true;
            case FieldKind.ErrorFields:
                return TryPrintErrorFields();
            case FieldKind.TextsUntilEmpty:
                return TryPrintTextsUntilEmpty();
            case FieldKind.List16:
                return TryTake(2, out bytes) && TryPrintItems(BinaryPrimitives.ReadInt16BigEndian(bytes), field.Item);
            case FieldKind.List32:
                return TryTake(4, out bytes) && TryPrintItems(BinaryPrimitives.ReadInt32BigEndian(bytes), field.Item);
            default:
                throw new InvalidOperationException($"no notation for {field.Kind}");
        }
    }

    private bool TryPrintItems(int count, IReadOnlyList<FieldShape> item)
    {
        // A list whose parts are whole lists' worth of fields nests: (("a" 1) ("b" 2)); one of single fields does not: (1 2).
        if (count < 0)
        {
            return false;
        }
        _text.Append('(');
        for (int index = 0; index < count; index++)
        {
            if (index > 0)
            {
                _text.Append(' ');
            }
            if (item.Count == 1)
            {
                if (!TryPrint(item[0]))
                {
                    return false;
                }
                continue;
            }
            _text.Append('(');
            for (int part = 0; part < item.Count; part++)
            {
                if (part > 0)
                {
                    _text.Append(' ');
                }
                if (!TryPrint(item[part]))
                {
                    return false;
                }
            }
            _text.Append(')');
        }
        _text.Append(')');
        return true;
    }

    private bool TryPrintText()
    {
        if (!TryTakeText(out ReadOnlySpan<byte> text))
        {
            return false;
        }
        Quote(_text, text);
        return true;
    }

    private bool TryPrintValue()
    {
        if (!TryTake(4, out ReadOnlySpan<byte> bytes))
        {
            return false;
        }
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (length == -1)
        {
            _text.Append("null");
            return true;
        }
        if (length < 0 || !TryTake(length, out bytes))
        {
            return false;
        }
        Quote(_text, bytes);
        return true;
    }

    private bool TryPrintErrorFields()
    {
        bool first = true;
        while (TryTake(1, out ReadOnlySpan<byte> letter))
        {
            if (letter[0] == 0)
            {
                return true;
            }
            if (!char.IsAsciiLetter((char)letter[0]))
            {
                return false;
            }
            _text.Append(first ? "" : " ").Append((char)letter[0]).Append('=');
            first = false;
            if (!TryPrintText())
            {
                return false;
            }
        }
        return false;
    }

    private bool TryPrintTextsUntilEmpty()
    {
        _text.Append('(');
        bool first = true;
        while (TryTakeText(out ReadOnlySpan<byte> text))
        {
            if (text.IsEmpty)
            {
                _text.Append(')');
                return true;
            }
            _text.Append(first ? "" : " ");
            first = false;
            Quote(_text, text);
        }
        return false;
    }

    private bool Number(int value)
    {
        _text.Append(value.ToString(CultureInfo.InvariantCulture));
        return true;
    }

    private bool TryTake(int count, out ReadOnlySpan<byte> bytes)
    {
        if (_rest.Length < count)
        {
            bytes = default;
            return false;
        }
        bytes = _rest[..count];
        _rest = _rest[count..];
        return true;
    }

    private bool TryTakeText(out ReadOnlySpan<byte> text)
    {
        int end = _rest.IndexOf((byte)0);
        text = end < 0 ? default : _rest[..end];
        _rest = end < 0 ? _rest : _rest[(end + 1)..];
        return end >= 0;
    }
}
