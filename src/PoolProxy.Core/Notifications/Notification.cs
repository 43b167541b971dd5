using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Notifications;

/// <summary>One NOTIFY as it goes to clients; immutable, so that all of them, on all loops, share its bytes.</summary>
internal sealed class Notification(string channel, byte[] wire)
{
    public string Channel { get; } = channel;

    /// <summary>The whole NotificationResponse, header included, as the server sent it.</summary>
    public ReadOnlySpan<byte> Wire => wire;

    public int LengthBytes => wire.Length;

    /// <summary>Reads the body of a NotificationResponse; null where it is none.</summary>
    public static Notification? Read(ReadOnlySpan<byte> body)
    {
        if (!NotificationResponse.TryRead(body, out var message))
        {
            return null;
        }

        using var writer = new MessageWriter();
        NotificationResponse.Write(writer, message.ProcessId, message.Channel, message.Payload);
        return new Notification(System.Text.Encoding.UTF8.GetString(message.Channel), writer.WrittenSpan.ToArray());
    }
}
