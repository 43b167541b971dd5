namespace PoolProxy.Configuration.Catalogue;

/// <summary>The kinds of what says how users are looked up that no file knows.</summary>
internal static class LookupKinds
{
    // The console has two names, and neither is a database that could be asked.
    private static readonly string[] ConsoleNames = ["pgbouncer", "poolproxy"];

    /// <summary>A user of the server; empty for none.</summary>
    public static readonly TextKind User = new(Bounds.TextLength, mayBeEmpty: true, Kinds.CheckName);

    /// <summary>One SELECT with <c>$1</c>; an empty one would find nobody.</summary>
    public static readonly TextKind Query = Kinds.RequiredText;

    /// <summary>A database of the file; empty for the one that the client wants.</summary>
    public static readonly TextKind Database = new(Bounds.TextLength, mayBeEmpty: true, name =>
        ConsoleNames.Contains(name) ? new($"the database name \"{name}\" belongs to the console") : Kinds.CheckName(name));
}
