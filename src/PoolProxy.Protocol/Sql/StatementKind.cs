namespace PoolProxy.Protocol.Sql;

/// <summary>The word that leads a statement.</summary>
public enum StatementKind : byte
{
    /// <summary>There is no statement.</summary>
    None,

    /// <summary>A word, or a sign, that has no member here.</summary>
    Other,

    /// <summary>ABORT.</summary>
    Abort,

    /// <summary>BEGIN.</summary>
    Begin,

    /// <summary>CALL.</summary>
    Call,

    /// <summary>CLOSE.</summary>
    Close,

    /// <summary>COMMIT.</summary>
    Commit,

    /// <summary>COPY.</summary>
    Copy,

    /// <summary>CREATE.</summary>
    Create,

    /// <summary>DEALLOCATE.</summary>
    Deallocate,

    /// <summary>DECLARE.</summary>
    Declare,

    /// <summary>DELETE.</summary>
    Delete,

    /// <summary>DISCARD.</summary>
    Discard,

    /// <summary>DO.</summary>
    Do,

    /// <summary>END.</summary>
    End,

    /// <summary>EXECUTE.</summary>
    Execute,

    /// <summary>EXPLAIN.</summary>
    Explain,

    /// <summary>FETCH.</summary>
    Fetch,

    /// <summary>INSERT.</summary>
    Insert,

    /// <summary>LISTEN.</summary>
    Listen,

    /// <summary>LOAD.</summary>
    Load,

    /// <summary>LOCK.</summary>
    Lock,

    /// <summary>MERGE.</summary>
    Merge,

    /// <summary>NOTIFY.</summary>
    Notify,

    /// <summary>PREPARE, of a statement or of the transaction.</summary>
    Prepare,

    /// <summary>RELEASE.</summary>
    Release,

    /// <summary>RESET.</summary>
    Reset,

    /// <summary>ROLLBACK.</summary>
    Rollback,

    /// <summary>SAVEPOINT.</summary>
    Savepoint,

    /// <summary>SELECT.</summary>
    Select,

    /// <summary>SET.</summary>
    Set,

    /// <summary>SHOW.</summary>
    Show,

    /// <summary>START.</summary>
    Start,

    /// <summary>TABLE.</summary>
    Table,

    /// <summary>UNLISTEN.</summary>
    Unlisten,

    /// <summary>UPDATE.</summary>
    Update,

    /// <summary>VALUES.</summary>
    Values,

    /// <summary>WITH.</summary>
    With,
}
