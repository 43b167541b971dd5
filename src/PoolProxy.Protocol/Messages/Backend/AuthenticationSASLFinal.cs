using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>AuthenticationSASLFinal (B): a mechanism's last data; AuthenticationOk follows. Source: sasl-authentication.html.</summary>
public static class AuthenticationSASLFinal
{
    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> data)
    {
        writer.Begin(BackendType.Authentication);
        writer.WriteInt32((int)AuthenticationKind.SASLFinal);
        writer.WriteBytes(data);
        writer.End();
    }
}
