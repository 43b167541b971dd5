using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>NoticeResponse (B): a notice or warning; read by <see cref="ErrorFields.TryRead"/>. Source: protocol-error-fields.html.</summary>
public static class NoticeResponse
{
    /// <summary>Writes a message; what is null is left out, and a NUL inside a text becomes a space.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="severity">Field S and V.</param>
    /// <param name="sqlState">Field C: five letters or digits; see <see cref="SqlState"/>.</param>
    /// <param name="message">Field M.</param>
    /// <param name="detail">Field D.</param>
    /// <param name="hint">Field H.</param>
    public static void Write(MessageWriter writer, Severity severity, string sqlState, string message, string? detail = null, string? hint = null)
    {
        writer.Begin(BackendType.NoticeResponse);
        ErrorFields.Write(writer, severity, sqlState, message, detail, hint);
        writer.End();
    }
}
