using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>PortalSuspended (B): an Execute reached its row limit. Source: protocol-message-formats.html.</summary>
public static class PortalSuspended
{
    /// <summary>The whole message; constant data that never moves.</summary>
    public static ReadOnlySpan<byte> Bytes => "s\0\0\0\u0004"u8;

    /// <summary>Writes the message.</summary>
    public static void Write(MessageWriter writer) => writer.WriteBytes(Bytes);
}
