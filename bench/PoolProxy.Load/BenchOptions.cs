namespace PoolProxy.Load;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    /// <summary>Names of workloads; empty for all.</summary>
    public IReadOnlyList<string> Workloads { get; init; } = [];

    /// <summary>Rounds of each workload.</summary>
    public int Rounds { get; init; } = 5;

    /// <summary>How long each run counts.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long each entrant runs before the first round: the proxy's code is compiled while it runs.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Programs of other poolers.</summary>
    public IReadOnlyList<string> Peers { get; init; } = [];

    /// <summary>Further builds of PoolProxy to compare, <c>NAME=PATH</c>.</summary>
    public IReadOnlyList<string> Builds { get; init; } = [];

    /// <summary>PoolProxy's engines that take part.</summary>
    public IReadOnlyList<string> Engines { get; init; } = ["epoll", "io_uring"];

    /// <summary>The folder of results.</summary>
    public required string Output { get; init; }

    /// <summary>The core that PostgreSQL is bound to; null for all.</summary>
    public int? ServerCore { get; init; }

    /// <summary>The words that made it, for the report.</summary>
    public required string CommandLine { get; init; }
}
