using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>AuthenticationOk (B): the login is accepted. Source: protocol-flow.html#PROTOCOL-FLOW-START-UP.</summary>
public static class AuthenticationOk
{
    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer)
    {
        writer.Begin(BackendType.Authentication);
        writer.WriteInt32((int)AuthenticationKind.Ok);
        writer.End();
    }
}
