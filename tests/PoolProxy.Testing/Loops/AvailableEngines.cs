using PoolProxy.Core.Loops.Uring;

namespace PoolProxy.Testing.Loops;

/// <summary>What loops can wait with on this machine.</summary>
public static class AvailableEngines
{
    private static readonly Lazy<string?> Obstacle = new(UringProbe.FindObstacle);

    /// <summary>Whether io_uring can be used.</summary>
    public static bool HasUring => Obstacle.Value is null;

    /// <summary>One line for the beginning of a run.</summary>
    public static string Summary =>
        $"proxies use {Proxy.EngineUnderTest.Name}; " + (Obstacle.Value is { } obstacle ? $"io_uring is not available, its tests are left out: {obstacle}" : "io_uring is available");
}
