namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Whether a text is one statement that is a transaction of its own and leaves its session as it found it, as far as the text shows, so that
/// another client's may be sent right behind it (isolation.md §9). A closed list of leading words, and nothing known against the text.
/// </summary>
public static class IndependentStatement
{
    /// <summary>
    /// What does not matter to who comes next: sequences remember their last value for a session that transaction pooling has given up anyway,
    /// and how a text is read, or settled at Parse, is that text's own affair while the parameters stay the same.
    /// </summary>
    private const StatementTraits Harmless = StatementTraits.UsesSequence | StatementTraits.DependsOnStringSyntax | StatementTraits.SettlesConstant;

    /// <summary>Answers from what <see cref="StatementScanner"/> found.</summary>
    /// <param name="first">The word that leads the text.</param>
    /// <param name="traits">What the whole text may do.</param>
    public static bool Allows(StatementKind first, StatementTraits traits) =>
        (traits & ~Harmless) == 0
        && (first is StatementKind.Select or StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Values or StatementKind.With);
}
