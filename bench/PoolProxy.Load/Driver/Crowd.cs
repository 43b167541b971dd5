namespace PoolProxy.Load.Driver;

/// <summary>What the clients of one run tell each other. Of one thread.</summary>
internal sealed class Crowd
{
    /// <summary>Clients that are logged in and prepared.</summary>
    public int Ready { get; set; }

    /// <summary>Clients inside a transaction.</summary>
    public int Busy { get; set; }

    /// <summary>Nobody starts anything any more.</summary>
    public bool IsEnding { get; set; }

    /// <summary>What is counted.</summary>
    public Window Window { get; } = new();
}
