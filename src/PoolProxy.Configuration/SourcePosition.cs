namespace PoolProxy.Configuration;

/// <summary>A place in a text: line and column from 1, the column in characters (code points).</summary>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="File">Which file: 0 for the one that was named, from 1 those that it includes.</param>
public readonly record struct SourcePosition(int Line, int Column, int File = 0)
{
    /// <summary>The first character; also for faults that no place in the text can be blamed for.</summary>
    public static SourcePosition Start { get; } = new(1, 1);
}
