using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>SASLInitialResponse (F): the mechanism chosen and its first message. Source: sasl-authentication.html.</summary>
public readonly ref struct SASLInitialResponse
{
    private const int NoResponse = -1;

    private SASLInitialResponse(ReadOnlySpan<byte> mechanism, bool hasResponse, ReadOnlySpan<byte> response)
    {
        Mechanism = mechanism;
        HasResponse = hasResponse;
        Response = response;
    }

    /// <summary>The mechanism's name.</summary>
    public ReadOnlySpan<byte> Mechanism { get; }

    /// <summary>Whether a response is there at all (it may be there and empty).</summary>
    public bool HasResponse { get; }

    /// <summary>The mechanism's first message.</summary>
    public ReadOnlySpan<byte> Response { get; }

    /// <summary>Reads a message; false when a terminator is missing or the response's length is not exactly what is left (−1: nothing).</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out SASLInitialResponse message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadCString(out ReadOnlySpan<byte> mechanism) || !reader.TryReadInt32(out int lengthBytes)) return false;

        bool hasResponse = lengthBytes != NoResponse;
        ReadOnlySpan<byte> response = default;
        if (hasResponse && !reader.TryReadBytes(lengthBytes, out response)) return false;
        if (!reader.IsAtEnd) return false;

        message = new SASLInitialResponse(mechanism, hasResponse, response);
        return true;
    }

    /// <summary>Writes a message with a response.</summary>
    public static void Write(MessageWriter writer, ReadOnlySpan<byte> mechanism, ReadOnlySpan<byte> response)
    {
        writer.Begin(FrontendType.Password);
        writer.WriteCString(mechanism);
        writer.WriteInt32(response.Length);
        writer.WriteBytes(response);
        writer.End();
    }
}
