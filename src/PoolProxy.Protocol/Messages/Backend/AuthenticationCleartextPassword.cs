using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>AuthenticationCleartextPassword (B): asks for the password, or token, as it is. Source: protocol-flow.html#PROTOCOL-FLOW-START-UP.</summary>
public static class AuthenticationCleartextPassword
{
    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer)
    {
        writer.Begin(BackendType.Authentication);
        writer.WriteInt32((int)AuthenticationKind.CleartextPassword);
        writer.End();
    }
}
