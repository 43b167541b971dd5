namespace PoolProxy.ClientTests.Targets;

/// <summary>How clients reach PostgreSQL in a test. What a client does has to come out alike.</summary>
public enum Way
{
    /// <summary>Without a proxy: proves that the test itself is right.</summary>
    Direct,

    /// <summary>Through a proxy of the test's own, in transaction mode.</summary>
    Proxy,
}
