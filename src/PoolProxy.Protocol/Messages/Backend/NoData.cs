using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>NoData (B): the answer to Describe where no rows will come. Source: protocol-message-formats.html.</summary>
public static class NoData
{
    /// <summary>The whole message; constant data that never moves.</summary>
    public static ReadOnlySpan<byte> Bytes => "n\0\0\0\u0004"u8;

    /// <summary>Writes the message.</summary>
    public static void Write(MessageWriter writer) => writer.WriteBytes(Bytes);
}
