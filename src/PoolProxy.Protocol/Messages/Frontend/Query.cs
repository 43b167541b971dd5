using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>Query (F): simple query. Source: protocol-flow.html#PROTOCOL-FLOW-SIMPLE-QUERY.</summary>
public readonly ref struct Query
{
    private Query(ReadOnlySpan<byte> text) => Text = text;

    /// <summary>The SQL, in the client's encoding, without the terminator.</summary>
    public ReadOnlySpan<byte> Text { get; }

    /// <summary>Reads a message; false when the terminator is missing or is not the last byte.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out Query message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadCString(out ReadOnlySpan<byte> text) || !reader.IsAtEnd) return false;

        message = new Query(text);
        return true;
    }

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL.</exception>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> text)
    {
        writer.Begin(FrontendType.Query);
        writer.WriteCString(text);
        writer.End();
    }
}
