namespace PoolProxy.Core.Relay;

/// <summary>A kind of state that only the server has on which it was made.</summary>
internal enum HeldKind : byte
{
    /// <summary>A setting that the server does not report and that is not tracked. Undone by a rollback.</summary>
    Setting,

    /// <summary>A temporary table, view or sequence. Undone by a rollback.</summary>
    Temporary,

    /// <summary>A cursor WITH HOLD. Undone by a rollback.</summary>
    Cursor,

    /// <summary>LISTEN. Undone by a rollback. Not on the server alone: another listens (Notifications).</summary>
    Channel,

    /// <summary>A session-level advisory lock. A rollback leaves it.</summary>
    AdvisoryLock,

    /// <summary>A statement of SQL PREPARE. A rollback leaves it.</summary>
    Statement,
}
