using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>ParameterDescription (B): the types of a statement's parameters. Source: protocol-message-formats.html.</summary>
public readonly ref struct ParameterDescription
{
    private ParameterDescription(ReadOnlySpan<byte> types) => Types = types;

    /// <summary>The types' OIDs as on the wire: 4 bytes each, big-endian; at most 65 535 of them.</summary>
    public ReadOnlySpan<byte> Types { get; }

    /// <summary>Reads a message; false when the count is not that of the types behind it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ParameterDescription message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt16(out short count) || reader.Rest.Length != (ushort)count * sizeof(int)) return false;

        message = new ParameterDescription(reader.Rest);
        return true;
    }

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than 65 535 types.</exception>
    public static void Write(MessageWriter writer, params ReadOnlySpan<int> types)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(types.Length, ushort.MaxValue, nameof(types));
        writer.Begin(BackendType.ParameterDescription);
        writer.WriteInt16((short)types.Length);
        foreach (int oid in types) writer.WriteInt32(oid);
        writer.End();
    }
}
