namespace PoolProxy.Configuration.Toml;

/// <summary>How much of a document is read.</summary>
public static class TomlLimits
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxTextLength = 4 * 1024 * 1024;

    /// <summary>Arrays and inline tables inside one another, and parts of one key.</summary>
    public const int MaxDepth = 64;

    /// <summary>Reading ends after this many faults.</summary>
    public const int MaxFaults = 100;
}
