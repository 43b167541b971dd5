using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>
/// BackendKeyData (B): what a CancelRequest must present. Keys are 4 bytes in protocol 3.0, 4 to 256 in 3.2.
/// Source: protocol-flow.html#PROTOCOL-FLOW-START-UP.
/// </summary>
public readonly ref struct BackendKeyData
{
    private BackendKeyData(int processId, ReadOnlySpan<byte> key)
    {
        ProcessId = processId;
        Key = key;
    }

    /// <summary>The server's process id.</summary>
    public int ProcessId { get; }

    /// <summary>The secret, 4 to 256 bytes. Never logged.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>Reads a message; false when the key is shorter than 4 or longer than 256 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out BackendKeyData message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt32(out int processId)) return false;
        if (reader.Rest.Length is < CancelRequest.MinKeyLengthBytes or > CancelRequest.MaxKeyLengthBytes) return false;

        message = new BackendKeyData(processId, reader.Rest);
        return true;
    }

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The key has fewer than 4 or more than 256 bytes.</exception>
    public static void Write(MessageWriter writer, int processId, ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(key.Length, CancelRequest.MinKeyLengthBytes, nameof(key));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(key.Length, CancelRequest.MaxKeyLengthBytes, nameof(key));
        writer.Begin(BackendType.BackendKeyData);
        writer.WriteInt32(processId);
        writer.WriteBytes(key);
        writer.End();
    }
}
