using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>AuthenticationSASLContinue (B): a mechanism's challenge. Source: sasl-authentication.html.</summary>
public static class AuthenticationSASLContinue
{
    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> data)
    {
        writer.Begin(BackendType.Authentication);
        writer.WriteInt32((int)AuthenticationKind.SASLContinue);
        writer.WriteBytes(data);
        writer.End();
    }
}
