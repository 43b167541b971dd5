using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>CopyFail (F): gives up COPY IN; the server answers with ErrorResponse. Source: protocol-flow.html#PROTOCOL-COPY.</summary>
public static class CopyFail
{
    /// <summary>Writes a message with the reason that the server will report.</summary>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> reason)
    {
        writer.Begin(FrontendType.CopyFail);
        writer.WriteCString(reason);
        writer.End();
    }
}
