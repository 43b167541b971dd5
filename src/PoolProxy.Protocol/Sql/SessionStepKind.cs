namespace PoolProxy.Protocol.Sql;

/// <summary>What one statement does to what a session keeps beyond its transaction, or to the transaction that it does it in.</summary>
public enum SessionStepKind : byte
{
    /// <summary>Nothing that is followed: it stands only for its tag.</summary>
    None,

    /// <summary>SET of a setting for the session, with its value where that could be read.</summary>
    Set,

    /// <summary>The rest of a text that was not followed to its end: it may leave anything behind.</summary>
    Unread,

    /// <summary>RESET of one setting, or SET to its default.</summary>
    Reset,

    /// <summary>RESET ALL.</summary>
    ResetAll,

    /// <summary>DISCARD ALL.</summary>
    DiscardAll,

    /// <summary>DISCARD TEMP.</summary>
    DiscardTemporary,

    /// <summary>A temporary table, view or sequence is made that outlives the transaction.</summary>
    MakeTemporary,

    /// <summary>DROP of something of that name, which may be temporary.</summary>
    Drop,

    /// <summary>DECLARE … WITH HOLD.</summary>
    HoldCursor,

    /// <summary>CLOSE of one cursor.</summary>
    CloseCursor,

    /// <summary>CLOSE ALL.</summary>
    CloseAll,

    /// <summary>LISTEN.</summary>
    Listen,

    /// <summary>LISTEN of a name in a spelling that is not read (<c>U&amp;"…"</c>).</summary>
    ListenUnread,

    /// <summary>UNLISTEN of one channel.</summary>
    Unlisten,

    /// <summary>UNLISTEN *.</summary>
    UnlistenAll,

    /// <summary>A session-level advisory lock may be taken.</summary>
    Lock,

    /// <summary><c>pg_advisory_unlock_all</c> is called.</summary>
    UnlockAll,

    /// <summary>PREPARE of a statement.</summary>
    Prepare,

    /// <summary>DEALLOCATE of one statement.</summary>
    Deallocate,

    /// <summary>DEALLOCATE ALL.</summary>
    DeallocateAll,

    /// <summary>COMMIT, END or PREPARE TRANSACTION.</summary>
    Commit,

    /// <summary>ROLLBACK or ABORT of the transaction.</summary>
    Rollback,

    /// <summary>SAVEPOINT.</summary>
    Savepoint,

    /// <summary>RELEASE of a savepoint.</summary>
    Release,

    /// <summary>ROLLBACK TO a savepoint.</summary>
    RollbackTo,
}
