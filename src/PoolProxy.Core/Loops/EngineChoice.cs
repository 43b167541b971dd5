using PoolProxy.Configuration.Model;
using PoolProxy.Core.Loops.Uring;

namespace PoolProxy.Core.Loops;

/// <summary>Which engine the proxy's loops wait with: what <c>io_engine</c> asks for, against what the system has.</summary>
internal sealed class EngineChoice
{
    private EngineChoice(bool isUring, string? obstacle)
    {
        IsUring = isUring;
        Obstacle = obstacle;
    }

    /// <summary>io_uring, else epoll.</summary>
    public bool IsUring { get; }

    /// <summary>Why io_uring cannot be used here; null when it can, or was not asked about.</summary>
    public string? Obstacle { get; }

    /// <summary>Looks at the system; a trial of io_uring takes about a millisecond. Any thread.</summary>
    public static EngineChoice For(IoEngine setting) => For(setting, UringProbe.FindObstacle);

    /// <summary>The same with another way of looking.</summary>
    internal static EngineChoice For(IoEngine setting, Func<string?> findObstacle)
    {
        if (setting == IoEngine.Epoll)
        {
            return new EngineChoice(isUring: false, obstacle: null);
        }

        var obstacle = findObstacle();
        return new EngineChoice(obstacle is null, obstacle);
    }

    /// <summary>Makes the engine of one loop.</summary>
    public ILoopEngine Create(Loop loop) => IsUring ? new UringEngine(loop) : new EpollEngine(loop);
}
