using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>CloseComplete (B): the answer to Close. Source: protocol-message-formats.html.</summary>
public static class CloseComplete
{
    /// <summary>The whole message; constant data that never moves.</summary>
    public static ReadOnlySpan<byte> Bytes => "3\0\0\0\u0004"u8;

    /// <summary>Writes the message.</summary>
    public static void Write(MessageWriter writer) => writer.WriteBytes(Bytes);
}
