using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>CommandComplete (B): a command is done. Source: protocol-message-formats.html.</summary>
public readonly ref struct CommandComplete
{
    private CommandComplete(ReadOnlySpan<byte> tag) => Tag = tag;

    /// <summary>The command tag, such as <c>INSERT 0 1</c>.</summary>
    public ReadOnlySpan<byte> Tag { get; }

    /// <summary>Reads a message; false when the terminator is missing or is not the last byte.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out CommandComplete message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadCString(out ReadOnlySpan<byte> tag) || !reader.IsAtEnd) return false;

        message = new CommandComplete(tag);
        return true;
    }

    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> tag)
    {
        writer.Begin(BackendType.CommandComplete);
        writer.WriteCString(tag);
        writer.End();
    }
}
