using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>GSSENCRequest (F): asks for GSSAPI encryption. Source: protocol-flow.html#PROTOCOL-FLOW-GSSAPI.</summary>
public static class GSSENCRequest
{
    /// <summary>The code in place of a protocol version: 1234.5680.</summary>
    public const int Code = 80877104;

    /// <summary>Writes the request.</summary>
    public static void Write(MessageWriter writer)
    {
        writer.BeginUntyped();
        writer.WriteInt32(Code);
        writer.End();
    }
}
