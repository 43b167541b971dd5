namespace PoolProxy.Configuration.Model;

/// <summary>What takes tokens back before they expire: <c>[revocation]</c>.</summary>
public sealed record RevocationSettings
{
    /// <summary><c>file</c>: orders that people write, watched; empty (default) for none.</summary>
    public string File { get; init; } = "";

    /// <summary><c>state_file</c>: where orders of the console and of issuers outlive the process; empty (default) for nowhere.</summary>
    public string StateFile { get; init; } = "";

    /// <summary><c>max_entries</c>: orders that may be kept, and as many again in the file; 16 to 1 000 000, default 100 000.</summary>
    public int MaxEntries { get; init; } = 100_000;

    /// <summary>
    /// <c>keep</c>: how long an order holds that does not say so; up to a year. Zero (default): as long as a token can live that was issued before it, by the
    /// issuers' <c>max_token_lifetime</c>; where one of them has no such bound, until the order is taken back.
    /// </summary>
    public TimeSpan Keep { get; init; }
}
