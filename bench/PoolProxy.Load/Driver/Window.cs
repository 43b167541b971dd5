using PoolProxy.Load.Measuring;

namespace PoolProxy.Load.Driver;

/// <summary>Counts what ends while it is open. Of one thread.</summary>
internal sealed class Window
{
    /// <summary>Whether what ends now counts.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Transactions, or connections, that ended while it was open.</summary>
    public long Count { get; private set; }

    /// <summary>How long they took.</summary>
    public LatencyHistogram Latencies { get; } = new();

    /// <summary>One has ended.</summary>
    public void Add(long stopwatchTicks)
    {
        if (IsOpen)
        {
            Count++;
            Latencies.Add(stopwatchTicks);
        }
    }
}
