namespace PoolProxy.Configuration;

/// <summary>A place in a text: line and column from 1, the column in characters (code points).</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
public readonly record struct SourcePosition(int Line, int Column)
{
    /// <summary>The first character; also for faults that no place in the text can be blamed for.</summary>
    public static SourcePosition Start { get; } = new(1, 1);
}
