namespace PoolProxy.Core.Telemetry;

/// <summary>What one pool counts, as SHOW POOLS and SHOW STATS have it: gauges of this moment and totals since the start.</summary>
internal readonly record struct PoolCounts
{
    /// <summary><c>database/user</c>: the value of the tag <c>pool</c>.</summary>
    public required string Pool { get; init; }

    /// <summary><c>cl_active</c>.</summary>
    public int ClientsActive { get; init; }

    /// <summary><c>cl_waiting</c>.</summary>
    public int ClientsWaiting { get; init; }

    /// <summary><c>sv_active</c>.</summary>
    public int ServersActive { get; init; }

    /// <summary><c>sv_idle</c>.</summary>
    public int ServersIdle { get; init; }

    /// <summary><c>sv_used</c>.</summary>
    public int ServersUsed { get; init; }

    /// <summary><c>sv_tested</c>.</summary>
    public int ServersTested { get; init; }

    /// <summary><c>sv_login</c>.</summary>
    public int ServersLogin { get; init; }

    /// <summary><c>sv_being_canceled</c>.</summary>
    public int ServersBeingCanceled { get; init; }

    /// <summary><c>maxwait</c> with <c>maxwait_us</c>: how long the oldest waiter has waited.</summary>
    public long OldestWaitMicroseconds { get; init; }

    /// <summary><c>total_xact_count</c>.</summary>
    public long Transactions { get; init; }

    /// <summary><c>total_query_count</c>.</summary>
    public long Queries { get; init; }

    /// <summary><c>total_server_assignment_count</c>.</summary>
    public long ServerAssignments { get; init; }

    /// <summary><c>total_received</c>: from clients.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary><c>total_sent</c>: to clients.</summary>
    public long SentBytes { get; init; }

    /// <summary><c>total_xact_time</c>.</summary>
    public long TransactionMicroseconds { get; init; }

    /// <summary><c>total_query_time</c>.</summary>
    public long QueryMicroseconds { get; init; }

    /// <summary><c>total_wait_time</c>.</summary>
    public long WaitMicroseconds { get; init; }
}
