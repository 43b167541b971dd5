using PoolProxy.Protocol.Framing;

namespace PoolProxy.UnitTests.Protocol.Messages;

/// <summary>Writes one message and takes it apart again.</summary>
internal static class Written
{
    /// <summary>The whole message.</summary>
    public static byte[] Bytes(Action<MessageWriter> write)
    {
        using var writer = new MessageWriter();
        write(writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The body of a message of that type, whose frame must be whole.</summary>
    public static byte[] Body(byte type, Action<MessageWriter> write)
    {
        byte[] bytes = Bytes(write);
        FrameStatus status = Frame.TryReadHeader(bytes, out byte letter, out long total);
        if (status != FrameStatus.Complete || letter != type || total != bytes.Length) throw new InvalidOperationException("not one whole message of that type");
        return bytes[Frame.HeaderLength..];
    }

    /// <summary>The body of a message without a type byte.</summary>
    public static byte[] UntypedBody(Action<MessageWriter> write) => Bytes(write)[4..];
}
