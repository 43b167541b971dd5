using PoolProxy.Protocol.Framing;

namespace PoolProxy.Testing.Wire;

/// <summary>Makes a message of its notation, the inverse of <see cref="MessagePrinter"/>. Lists that are left out at the end are empty, and numbers 0.</summary>
internal static class MessageEncoder
{
    /// <summary>The bytes of the whole message, header included.</summary>
    /// <exception cref="FormatException">The notation is wrong; the message says where.</exception>
    public static byte[] Encode(MessageShape shape, NotationReader notation)
    {
        using var writer = new MessageWriter();
        writer.Begin(shape.Type);
        if (shape.Code is { } code)
        {
            writer.WriteInt32(code);
        }
        foreach (FieldShape field in shape.Fields)
        {
            Write(writer, field, notation);
        }
        if (!notation.IsAtEnd)
        {
            throw notation.Fault($"{shape.Name} has no further field");
        }
        writer.End();
        return writer.WrittenSpan.ToArray();
    }

    private static void Write(MessageWriter writer, FieldShape field, NotationReader notation)
    {
        switch (field.Kind)
        {
            case FieldKind.Text:
                WriteText(writer, notation.ReadQuoted());
                break;
            case FieldKind.Int8:
                writer.WriteByte((byte)Number(notation));
                break;
            case FieldKind.Int16:
                writer.WriteInt16((short)Number(notation));
                break;
            case FieldKind.Int32:
                writer.WriteInt32((int)Number(notation));
                break;
            case FieldKind.Letter:
                writer.WriteByte((byte)notation.ReadWord()[0]);
                break;
            case FieldKind.Value:
                WriteValue(writer, notation);
                break;
            case FieldKind.Rest:
                writer.WriteBytes(notation.IsAtEnd ? [] : notation.ReadQuoted());
                break;
            case FieldKind.ErrorFields:
                while (!notation.IsAtEnd)
                {
                    writer.WriteByte((byte)notation.ReadWord()[0]);
                    notation.Read('=');
                    WriteText(writer, notation.ReadQuoted());
                }
                writer.WriteByte(0);
                break;
            case FieldKind.TextsUntilEmpty:
                foreach (byte[] text in Items(notation, notation.ReadQuoted))
                {
                    WriteText(writer, text);
                }
                writer.WriteByte(0);
                break;
            case FieldKind.List16 or FieldKind.List32:
                WriteList(writer, field, notation);
                break;
            default:
                throw new InvalidOperationException($"no notation for {field.Kind}");
        }
    }

    private static long Number(NotationReader notation) => notation.IsAtEnd ? 0 : notation.ReadNumber();

    private static void WriteList(MessageWriter writer, FieldShape list, NotationReader notation)
    {
        // The count comes first, so the items are written aside.
        using var items = new MessageWriter();
        items.Begin(0);
        int count = 0;
        foreach (bool _ in Items(notation, WriteItem))
        {
            count++;
        }
        items.End();
        if (list.Kind == FieldKind.List16)
        {
            writer.WriteInt16((short)(ushort)count);
        }
        else
        {
            writer.WriteInt32(count);
        }
        writer.WriteBytes(items.WrittenSpan[Frame.HeaderLength..]);

        bool WriteItem()
        {
            if (list.Item.Count > 1)
            {
                notation.Read('(');
            }
            foreach (FieldShape field in list.Item)
            {
                Write(items, field, notation);
            }
            if (list.Item.Count > 1)
            {
                notation.Read(')');
            }
            return true;
        }
    }

    private static IEnumerable<T> Items<T>(NotationReader notation, Func<T> read)
    {
        if (notation.IsAtEnd)
        {
            yield break;
        }
        notation.Read('(');
        while (!notation.TryRead(')'))
        {
            yield return read();
        }
    }

    private static void WriteValue(MessageWriter writer, NotationReader notation)
    {
        if (notation.Next != '"')
        {
            string word = notation.ReadWord();
            if (word != "null")
            {
                throw notation.Fault($"a value is quoted or null, not {word}");
            }
            writer.WriteInt32(-1);
            return;
        }
        byte[] bytes = notation.ReadQuoted();
        writer.WriteInt32(bytes.Length);
        writer.WriteBytes(bytes);
    }

    private static void WriteText(MessageWriter writer, byte[] bytes)
    {
        writer.WriteBytes(bytes);
        writer.WriteByte(0);
    }
}
