using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>Parse (F): prepares a statement. Source: protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY.</summary>
public readonly ref struct Parse
{
    private Parse(ReadOnlySpan<byte> statementName, ReadOnlySpan<byte> queryText, ReadOnlySpan<byte> parameterTypes)
    {
        StatementName = statementName;
        QueryText = queryText;
        ParameterTypes = parameterTypes;
    }

    /// <summary>The statement's name; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> StatementName { get; }

    /// <summary>The SQL, in the client's encoding.</summary>
    public ReadOnlySpan<byte> QueryText { get; }

    /// <summary>The types' OIDs as on the wire: 4 bytes each, big-endian, 0 for unspecified; at most 65 535 of them.</summary>
    public ReadOnlySpan<byte> ParameterTypes { get; }

    /// <summary>Reads a message; false when a terminator is missing or the length is not exactly that of its fields.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out Parse message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadCString(out ReadOnlySpan<byte> name) || !reader.TryReadCString(out ReadOnlySpan<byte> text)) return false;
        if (!reader.TryReadInt16(out short count)) return false;

        // PostgreSQL reads the count as unsigned: up to 65 535 parameters.
        if (!reader.TryReadBytes((ushort)count * sizeof(int), out ReadOnlySpan<byte> types) || !reader.IsAtEnd) return false;

        message = new Parse(name, text, types);
        return true;
    }

    /// <summary>Writes a message with types as OIDs.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 65 535 types.</exception>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> statementName, ReadOnlySpan<byte> queryText, ReadOnlySpan<int> parameterTypes = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(parameterTypes.Length, ushort.MaxValue, nameof(parameterTypes));
        writer.Begin(FrontendType.Parse);
        writer.WriteCString(statementName);
        writer.WriteCString(queryText);
        writer.WriteInt16((short)parameterTypes.Length);
        foreach (int oid in parameterTypes) writer.WriteInt32(oid);
        writer.End();
    }
}
