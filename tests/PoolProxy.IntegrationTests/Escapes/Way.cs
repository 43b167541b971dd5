namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>How a hostile client sends its statements.</summary>
internal enum Way
{
    /// <summary>A Query each, answered before the next.</summary>
    Simple,

    /// <summary>Parse, Bind, Describe, Execute and Sync each, without names, answered before the next.</summary>
    Extended,

    /// <summary>A named statement each, executed in a batch of its own.</summary>
    Prepared,

    /// <summary>As <see cref="Extended"/>, all in one write, and only then read.</summary>
    Pipelined,

    /// <summary>Parse, Bind and Execute of all, with one Sync behind the last.</summary>
    Batch,

    /// <summary>All in one Query.</summary>
    MultiStatement,
}
