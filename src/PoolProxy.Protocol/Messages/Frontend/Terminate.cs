using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>Terminate (F): ends the session. Source: protocol-flow.html#PROTOCOL-FLOW-TERMINATION.</summary>
public static class Terminate
{
    /// <summary>The whole message; constant data that never moves.</summary>
    public static ReadOnlySpan<byte> Bytes => "X\0\0\0\u0004"u8;

    /// <summary>Writes the message.</summary>
    public static void Write(MessageWriter writer) => writer.WriteBytes(Bytes);
}
