namespace PoolProxy.Load.Measuring;

/// <summary>What is measured. The unit and the better direction are in <see cref="MetricTraits"/>.</summary>
internal enum Metric
{
    /// <summary>Transactions, or connections, ended a second.</summary>
    Throughput,

    /// <summary>Processor time of the proxy's process for each of them, user and system.</summary>
    ProxyCpu,

    /// <summary>Processor time of all of PostgreSQL's processes for each of them.</summary>
    ServerCpu,

    /// <summary>The median latency as the client sees it.</summary>
    P50,

    /// <summary>The 95th percentile.</summary>
    P95,

    /// <summary>The 99th percentile.</summary>
    P99,

    /// <summary>The 99.9th percentile.</summary>
    P999,

    /// <summary>Context switches of the proxy's threads for each transaction, voluntary and not.</summary>
    ContextSwitches,

    /// <summary>The proxy's resident memory at the end of the window.</summary>
    Rss,

    /// <summary>Resident memory that one more idle client costs.</summary>
    IdleClient,

    /// <summary>From the start of the process until its port answers.</summary>
    Start,
}
