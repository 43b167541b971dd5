using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>
/// Bind (F): makes a portal of a statement and parameters. Only the names are read: formats and values are the server's business, and may be large.
/// Source: protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY.
/// </summary>
public readonly ref struct Bind
{
    private Bind(ReadOnlySpan<byte> portalName, ReadOnlySpan<byte> statementName, ReadOnlySpan<byte> rest)
    {
        PortalName = portalName;
        StatementName = statementName;
        Rest = rest;
    }

    /// <summary>The portal's name; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> PortalName { get; }

    /// <summary>The statement's name; empty for the unnamed one. It begins <c>PortalName.Length + 1</c> bytes into the body.</summary>
    public ReadOnlySpan<byte> StatementName { get; }

    /// <summary>What is here of the formats and values behind the names; the bytes as they are.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    /// <summary>
    /// Reads the names; false when a terminator is missing. The body may be cut behind the names: a large Bind need not be whole to be routed.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out Bind message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadCString(out ReadOnlySpan<byte> portal) || !reader.TryReadCString(out ReadOnlySpan<byte> statement)) return false;

        message = new Bind(portal, statement, reader.Rest);
        return true;
    }

    /// <summary>Writes a message whose parameters and results are all in text format.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="portalName">Empty for the unnamed one.</param>
    /// <param name="statementName">Empty for the unnamed one.</param>
    /// <param name="textValues">Values as text in the connection's encoding, null for NULL; at most 65 535.</param>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> portalName, ReadOnlySpan<byte> statementName, ReadOnlySpan<byte[]?> textValues = default)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(textValues.Length, ushort.MaxValue, nameof(textValues));
        writer.Begin(FrontendType.Bind);
        writer.WriteCString(portalName);
        writer.WriteCString(statementName);
        writer.WriteInt16(0); // no parameter formats: all text
        writer.WriteInt16((short)textValues.Length);
        foreach (byte[]? value in textValues)
        {
            writer.WriteInt32(value?.Length ?? -1);
            writer.WriteBytes(value);
        }

        writer.WriteInt16(0); // no result formats: all text
        writer.End();
    }
}
