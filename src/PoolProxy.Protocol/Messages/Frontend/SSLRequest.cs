using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>SSLRequest (F): asks for TLS. Source: protocol-flow.html#PROTOCOL-FLOW-SSL.</summary>
public static class SSLRequest
{
    /// <summary>The code in place of a protocol version: 1234.5679.</summary>
    public const int Code = 80877103;

    /// <summary>Writes the request.</summary>
    public static void Write(MessageWriter writer)
    {
        writer.BeginUntyped();
        writer.WriteInt32(Code);
        writer.End();
    }
}
