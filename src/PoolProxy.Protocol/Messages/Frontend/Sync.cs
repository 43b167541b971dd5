using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>Sync (F): ends a unit of work in the extended protocol. Source: protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY.</summary>
public static class Sync
{
    /// <summary>The whole message; constant data that never moves.</summary>
    public static ReadOnlySpan<byte> Bytes => "S\0\0\0\u0004"u8;

    /// <summary>Writes the message.</summary>
    public static void Write(MessageWriter writer) => writer.WriteBytes(Bytes);
}
