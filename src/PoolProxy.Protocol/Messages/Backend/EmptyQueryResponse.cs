using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>EmptyQueryResponse (B): stands for CommandComplete where the query text was empty. Source: protocol-message-formats.html.</summary>
public static class EmptyQueryResponse
{
    /// <summary>The whole message; constant data that never moves.</summary>
    public static ReadOnlySpan<byte> Bytes => "I\0\0\0\u0004"u8;

    /// <summary>Writes the message.</summary>
    public static void Write(MessageWriter writer) => writer.WriteBytes(Bytes);
}
