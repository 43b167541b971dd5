using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>AuthenticationSASL (B): the mechanisms on offer, preferred first. Source: sasl-authentication.html.</summary>
public static class AuthenticationSASL
{
    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentException">A name is empty, which would end the list.</exception>
    public static void Write(MessageWriter writer, params ReadOnlySpan<string> mechanisms)
    {
        writer.Begin(BackendType.Authentication);
        writer.WriteInt32((int)AuthenticationKind.SASL);
        foreach (string mechanism in mechanisms)
        {
            ArgumentException.ThrowIfNullOrEmpty(mechanism, nameof(mechanisms));
            writer.WriteCString(mechanism);
        }

        writer.WriteByte(0);
        writer.End();
    }
}
