namespace PoolProxy.Protocol.Sql;

/// <summary>
/// Whether what PostgreSQL makes of a text at Parse may be kept and used for a later Parse of the same text (isolation.md §6), so
/// that a client's unnamed statement can be a prepared one. A closed list: one plain query, of which nothing else is known.
/// </summary>
public static class KeptParse
{
    // Row locks are taken when the statement runs.
    private const StatementTraits Harmless = StatementTraits.LocksRows;

    /// <summary>
    /// What a transaction may have done that forbids it to rely on parses from before: changed settings, tables, or the statements
    /// that the server holds.
    /// </summary>
    public const StatementTraits Undoing = StatementTraits.SetsParameter | StatementTraits.ChangesRole | StatementTraits.DiscardAll | StatementTraits.Discards
        | StatementTraits.Deallocate | StatementTraits.DeallocateAll | StatementTraits.MakesTemporary | StatementTraits.Loads
        | StatementTraits.Executes | StatementTraits.ChangesSchema | StatementTraits.Unknown;

    /// <summary>Of <see cref="Undoing"/>, what outlives the transaction in its session alone.</summary>
    public const StatementTraits UndoingSession = StatementTraits.SetsForSession | StatementTraits.ResetAll | StatementTraits.ChangesRole | StatementTraits.DiscardAll
        | StatementTraits.MakesTemporary | StatementTraits.Loads | StatementTraits.Executes | StatementTraits.ChangesSchema | StatementTraits.Unknown;

    /// <summary>Answers from what <see cref="StatementScanner"/> found.</summary>
    /// <param name="first">The word that leads the text.</param>
    /// <param name="traits">What the whole text may do.</param>
    public static bool Allows(StatementKind first, StatementTraits traits) =>
        (traits & ~Harmless) == 0
        && (first is StatementKind.Select or StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Merge
            or StatementKind.Values or StatementKind.Table or StatementKind.With);
}
