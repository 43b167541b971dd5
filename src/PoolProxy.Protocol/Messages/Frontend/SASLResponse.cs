using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>SASLResponse (F): a mechanism's further message; the whole body is its data. Source: sasl-authentication.html.</summary>
public readonly ref struct SASLResponse
{
    private SASLResponse(ReadOnlySpan<byte> data) => Data = data;

    /// <summary>The mechanism's message.</summary>
    public ReadOnlySpan<byte> Data { get; }

    /// <summary>Reads a message; any body is one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out SASLResponse message)
    {
        message = new SASLResponse(body);
        return true;
    }

    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> data)
    {
        writer.Begin(FrontendType.Password);
        writer.WriteBytes(data);
        writer.End();
    }
}
