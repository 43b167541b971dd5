using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>CancelRequest (F): asks to cancel what another connection runs. Source: protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS.</summary>
public readonly ref struct CancelRequest
{
    /// <summary>The code in place of a protocol version: 1234.5678.</summary>
    public const int Code = 80877102;

    /// <summary>The shortest key, and the only length in protocol 3.0.</summary>
    public const int MinKeyLengthBytes = 4;

    /// <summary>The longest key (protocol 3.2).</summary>
    public const int MaxKeyLengthBytes = 256;

    private CancelRequest(int processId, ReadOnlySpan<byte> key)
    {
        ProcessId = processId;
        Key = key;
    }

    /// <summary>The process id from BackendKeyData.</summary>
    public int ProcessId { get; }

    /// <summary>The secret from BackendKeyData, 4 to 256 bytes. Compare it in constant time.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Reads a request; false when the code is another or the key is too short or too long.</summary>
    /// <param name="body">The packet behind its length field.</param>
    /// <param name="message">The request.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, out CancelRequest message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt32(out int code) || code != Code) return false;
        if (!reader.TryReadInt32(out int processId)) return false;
        if (reader.Rest.Length is < MinKeyLengthBytes or > MaxKeyLengthBytes) return false;

        message = new CancelRequest(processId, reader.Rest);
        return true;
    }

    /// <summary>Writes a request.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The key has fewer than 4 or more than 256 bytes.</exception>
    public static void Write(MessageWriter writer, int processId, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, MinKeyLengthBytes, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, MaxKeyLengthBytes, nameof(key));
        writer.BeginUntyped();
        writer.WriteInt32(Code);
        writer.WriteInt32(processId);
        writer.WriteBytes(key);
        writer.End();
    }
}
