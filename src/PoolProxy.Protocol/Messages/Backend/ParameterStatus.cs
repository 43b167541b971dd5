using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>ParameterStatus (B): the value of a reported setting. Source: protocol-flow.html#PROTOCOL-ASYNC.</summary>
public readonly ref struct ParameterStatus
{
    private ParameterStatus(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Name = name;
        Value = value;
    }

    /// <summary>The setting's name, spelled as the server does.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Its value.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Reads a message; false when a terminator is missing or bytes follow.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ParameterStatus message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadCString(out ReadOnlySpan<byte> name) || !reader.TryReadCString(out ReadOnlySpan<byte> value) || !reader.IsAtEnd) return false;

        message = new ParameterStatus(name, value);
        return true;
    }

    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        writer.Begin(BackendType.ParameterStatus);
        writer.WriteCString(name);
        writer.WriteCString(value);
        writer.End();
    }
}
