using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>AuthenticationMD5Password (B): asks for a salted MD5 answer. Source: protocol-flow.html#PROTOCOL-FLOW-START-UP.</summary>
public static class AuthenticationMD5Password
{
    /// <summary>Bytes of salt.</summary>
    public const int SaltLengthBytes = 4;

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The salt is not 4 bytes.</exception>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> salt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(salt.Length, SaltLengthBytes, nameof(salt));
        writer.Begin(BackendType.Authentication);
        writer.WriteInt32((int)AuthenticationKind.MD5Password);
        writer.WriteBytes(salt);
        writer.End();
    }
}
