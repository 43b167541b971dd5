namespace PoolProxy.Core.Audit;

/// <summary>The first place where a trail is not whole.</summary>
/// <param name="Kind">How.</param>
/// <param name="File">The file; empty for what concerns all of them.</param>
/// <param name="Line">The line, counted from 1; 0 with no file.</param>
/// <param name="Text">What is wrong, in words.</param>
internal sealed record ChainBreak(ChainBreakKind Kind, string File, long Line, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => File.Length == 0 ? Text : $"{File}:{Line}: {Text}";
}
