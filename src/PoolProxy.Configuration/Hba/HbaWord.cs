namespace PoolProxy.Configuration.Hba;

/// <summary>A word of a line.</summary>
/// <param name="Text">Without its quotes.</param>
/// <param name="IsQuoted">It begins with a quote: then it is a name, whatever keyword it says.</param>
/// <param name="Position">Where it stands.</param>
/// <param name="Continues">A comma follows: the next word belongs to the same list.</param>
internal readonly record struct HbaWord(string Text, bool IsQuoted, SourcePosition Position, bool Continues)
{
    /// <summary>Whether it is the keyword <paramref name="keyword"/>.</summary>
    public bool Is(string keyword) => !IsQuoted && Text == keyword;

    /// <summary>Whether it begins with the sign <paramref name="sign"/>, which has a meaning outside of quotes.</summary>
    public bool HasSign(char sign) => !IsQuoted && Text.Length > 0 && Text[0] == sign;
}
