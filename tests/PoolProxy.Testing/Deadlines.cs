namespace PoolProxy.Testing;

/// <summary>How long tests wait for what has to come. A test that meets one has failed; none is a measure of speed.</summary>
public static class Deadlines
{
    /// <summary>The wait for one message, one connection, one condition: generous, since CI runs everything at once on two cores.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(20);
}
