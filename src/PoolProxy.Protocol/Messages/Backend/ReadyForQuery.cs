using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>ReadyForQuery (B): the answer to Sync, the end of Query and of login. Source: protocol-message-formats.html.</summary>
public readonly ref struct ReadyForQuery
{
    private ReadyForQuery(TransactionStatus status) => Status = status;

    /// <summary>Where the server stands.</summary>
    public TransactionStatus Status { get; }

    /// <summary>The whole message with status Idle; constant data that never moves.</summary>
    public static ReadOnlySpan<byte> IdleBytes => "Z\0\0\0\u0005I"u8;

    /// <summary>Reads a message; false when the status is none of I, T, E or the length is not 1.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out ReadyForQuery message)
    {
        message = default;
        if (body.Length != 1) return false;
        var status = (TransactionStatus)body[0];
        if (status is not (TransactionStatus.Idle or TransactionStatus.InTransaction or TransactionStatus.Failed)) return false;

        message = new ReadyForQuery(status);
        return true;
    }

    /// <summary>Writes a message.</summary>
    public static void Write(MessageWriter writer, TransactionStatus status)
    {
        writer.Begin(BackendType.ReadyForQuery);
        writer.WriteByte((byte)status);
        writer.End();
    }
}
