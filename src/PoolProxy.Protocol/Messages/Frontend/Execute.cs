using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>Execute (F): runs a portal. Source: protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY.</summary>
public readonly ref struct Execute
{
    private Execute(ReadOnlySpan<byte> portalName, int maxRows)
    {
        PortalName = portalName;
        MaxRows = maxRows;
    }

    /// <summary>The portal's name; empty for the unnamed one.</summary>
    public ReadOnlySpan<byte> PortalName { get; }

    /// <summary>The most rows to send before PortalSuspended; 0 or less for all.</summary>
    public int MaxRows { get; }

    /// <summary>Reads a message; false when the terminator is missing or the length is another.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out Execute message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadCString(out ReadOnlySpan<byte> portal) || !reader.TryReadInt32(out int maxRows) || !reader.IsAtEnd) return false;

        message = new Execute(portal, maxRows);
        return true;
    }

    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> portalName, int maxRows = 0)
    {
        writer.Begin(FrontendType.Execute);
        writer.WriteCString(portalName);
        writer.WriteInt32(maxRows);
        writer.End();
    }
}
