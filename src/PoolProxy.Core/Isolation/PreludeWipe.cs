namespace PoolProxy.Core.Isolation;

/// <summary>What message 1 of a prelude takes from the identity that was there before (isolation.md §3 and §6).</summary>
internal enum PreludeWipe : byte
{
    /// <summary>Nothing: the same identity comes back.</summary>
    None,

    /// <summary>Everything: DISCARD ALL.</summary>
    All,

    /// <summary>
    /// Everything but prepared statements: the parts of DISCARD ALL one by one, for identities that trust each other's SQL
    /// (<c>statement_sharing = "trusted"</c>).
    /// </summary>
    AllButStatements,
}
