namespace PoolProxy.Protocol.Framing;

/// <summary>Where a server stands between queries, in the letters of ReadyForQuery.</summary>
public enum TransactionStatus : byte
{
    /// <summary>Not in a transaction block. Only such a server may go back to its pool.</summary>
    Idle = (byte)'I',

    /// <summary>In a transaction block; ended by COMMIT or ROLLBACK. The server stays with its client.</summary>
    InTransaction = (byte)'T',

    /// <summary>In a transaction block that failed; everything but ROLLBACK is refused with 25P02. The server stays with its client.</summary>
    Failed = (byte)'E',
}
