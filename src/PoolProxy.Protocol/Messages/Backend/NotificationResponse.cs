using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>NotificationResponse (B): a NOTIFY on a channel that the session listens on. Source: protocol-flow.html#PROTOCOL-ASYNC.</summary>
public readonly ref struct NotificationResponse
{
    private NotificationResponse(int processId, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> payload)
    {
        ProcessId = processId;
        Channel = channel;
        Payload = payload;
    }

    /// <summary>The process id of the server that sent the NOTIFY.</summary>
    public int ProcessId { get; }

    /// <summary>The channel's name.</summary>
    public ReadOnlySpan<byte> Channel { get; }

    /// <summary>The payload; may be empty.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Reads a message; false when a terminator is missing or bytes follow.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out NotificationResponse message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt32(out int processId) || !reader.TryReadCString(out ReadOnlySpan<byte> channel)) return false;
        if (!reader.TryReadCString(out ReadOnlySpan<byte> payload) || !reader.IsAtEnd) return false;

        message = new NotificationResponse(processId, channel, payload);
        return true;
    }

    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer, int processId, ReadOnlySpan<byte> channel, ReadOnlySpan<byte> payload)
    {
        writer.Begin(BackendType.NotificationResponse);
        writer.WriteInt32(processId);
        writer.WriteCString(channel);
        writer.WriteCString(payload);
        writer.End();
    }
}
