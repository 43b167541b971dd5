using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>Close (F): forgets a statement or portal; an unknown name is no error. Source: protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY.</summary>
public readonly ref struct Close
{
    private Close(StatementOrPortal kind, ReadOnlySpan<byte> name)
    {
        Kind = kind;
        Name = name;
    }

    /// <summary>Statement or portal.</summary>
    public StatementOrPortal Kind { get; }

    /// <summary>Its name; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Reads a message; false when the kind is neither S nor P, the terminator is missing, or bytes follow it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out Close message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadByte(out byte kind) || (StatementOrPortal)kind is not (StatementOrPortal.Statement or StatementOrPortal.Portal)) return false;
        if (!reader.TryReadCString(out ReadOnlySpan<byte> name) || !reader.IsAtEnd) return false;

        message = new Close((StatementOrPortal)kind, name);
        return true;
    }

    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer, StatementOrPortal kind, ReadOnlySpan<byte> name)
    {
        writer.Begin(FrontendType.Close);
        writer.WriteByte((byte)kind);
        writer.WriteCString(name);
        writer.End();
    }
}
