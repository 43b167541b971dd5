using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>Flush (F): asks for the answers that are pending. Source: protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY.</summary>
public static class Flush
{
    /// <summary>The whole message; constant data that never moves.</summary>
    public static ReadOnlySpan<byte> Bytes => "H\0\0\0\u0004"u8;

    /// <summary>Writes the message.</summary>
    public static void Write(MessageWriter writer) => writer.WriteBytes(Bytes);
}
