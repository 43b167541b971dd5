using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>PasswordMessage (F): a password, a token, or an MD5 answer. Source: protocol-flow.html#PROTOCOL-FLOW-START-UP.</summary>
public readonly ref struct PasswordMessage
{
    private PasswordMessage(ReadOnlySpan<byte> password) => Password = password;

    /// <summary>The secret without its terminator; may be empty, which PostgreSQL refuses. Never logged.</summary>
    public ReadOnlySpan<byte> Password { get; }

    /// <summary>Reads a message; false when the terminator is missing or is not the last byte (08P01 "invalid password packet size").</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out PasswordMessage message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadCString(out ReadOnlySpan<byte> password) || !reader.IsAtEnd) return false;

        message = new PasswordMessage(password);
        return true;
    }

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentException">The password holds a NUL.</exception>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> password)
    {
        writer.Begin(FrontendType.Password);
        writer.WriteCString(password);
        writer.End();
    }
}
