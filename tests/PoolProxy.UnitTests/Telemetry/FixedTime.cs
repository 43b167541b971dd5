namespace PoolProxy.UnitTests.Telemetry;

/// <summary>A clock that stands.</summary>
internal sealed class FixedTime(DateTimeOffset now) : TimeProvider
{
    public static FixedTime Instance { get; } = new(new DateTimeOffset(2026, 11, 21, 1, 2, 3, 456, TimeSpan.Zero));

    public override DateTimeOffset GetUtcNow() => now;
}
