namespace PoolProxy.Protocol.Sql;

/// <summary>What the tag of a CommandComplete says happened, as far as the proxy must know.</summary>
public enum CommandTagKind : byte
{
    /// <summary>Nothing that the session remembers in a way that the proxy follows.</summary>
    Other,

    /// <summary>SET: also SET LOCAL and SET TRANSACTION, but not SET CONSTRAINTS, whose tag is another.</summary>
    Set,

    /// <summary>RESET.</summary>
    Reset,

    /// <summary>DISCARD ALL.</summary>
    DiscardAll,

    /// <summary>DISCARD PLANS: prepared statements stay.</summary>
    DiscardPlans,

    /// <summary>DISCARD SEQUENCES.</summary>
    DiscardSequences,

    /// <summary>DISCARD TEMP.</summary>
    DiscardTemp,

    /// <summary>DEALLOCATE of one statement.</summary>
    Deallocate,

    /// <summary>DEALLOCATE ALL.</summary>
    DeallocateAll,

    /// <summary>BEGIN or START TRANSACTION.</summary>
    Begin,

    /// <summary>COMMIT.</summary>
    Commit,

    /// <summary>ROLLBACK: also of COMMIT in a failed transaction, and of ROLLBACK TO a savepoint.</summary>
    Rollback,

    /// <summary>PREPARE of a statement.</summary>
    Prepare,

    /// <summary>PREPARE TRANSACTION.</summary>
    PrepareTransaction,

    /// <summary>LISTEN.</summary>
    Listen,

    /// <summary>UNLISTEN.</summary>
    Unlisten,

    /// <summary>DECLARE CURSOR, with or without hold.</summary>
    DeclareCursor,

    /// <summary>SAVEPOINT.</summary>
    Savepoint,

    /// <summary>RELEASE of a savepoint.</summary>
    Release,

    /// <summary>LOAD.</summary>
    Load,
}
