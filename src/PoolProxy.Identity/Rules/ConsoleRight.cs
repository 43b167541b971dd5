namespace PoolProxy.Identity.Rules;

/// <summary>What a rule opens of the console.</summary>
public enum ConsoleRight
{
    /// <summary>Nothing: entry to the console is refused.</summary>
    None,

    /// <summary>Every SHOW but FDS.</summary>
    Stats,

    /// <summary>Everything.</summary>
    Admin,
}
