namespace PoolProxy.Configuration.Hba;

/// <summary>A word of a line.</summary>
/// <param name="Text">Without its quotes.</param>
/// <param name="IsQuoted">A quoted word is a name, whatever it says.</param>
/// <param name="Column">From 1.</param>
/// <param name="Continues">A comma follows: the next word belongs to the same list.</param>
internal readonly record struct HbaWord(string Text, bool IsQuoted, int Column, bool Continues)
{
    /// <summary>Whether it is the keyword <paramref name="keyword"/>.</summary>
    public bool Is(string keyword) => !IsQuoted && Text == keyword;
}
