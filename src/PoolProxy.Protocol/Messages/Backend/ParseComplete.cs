using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>ParseComplete (B): the answer to Parse. Source: protocol-message-formats.html.</summary>
public static class ParseComplete
{
    /// <summary>The whole message; constant data that never moves.</summary>
    public static ReadOnlySpan<byte> Bytes => "1\0\0\0\u0004"u8;

    /// <summary>Writes the message.</summary>
    public static void Write(MessageWriter writer) => writer.WriteBytes(Bytes);
}
