namespace PoolProxy.Core.Audit;

/// <summary>How a chain is broken, at the first place where it is.</summary>
internal enum ChainBreakKind
{
    /// <summary>A record's hash does not follow from the record before it.</summary>
    Changed,

    /// <summary>Numbers are missing.</summary>
    Removed,

    /// <summary>A line that is no record, or a record whose number has been already.</summary>
    Inserted,

    /// <summary>The last line has no end: a crash, or somebody has cut it.</summary>
    Torn,

    /// <summary>A chain begins in the middle: what came before may have been cut off at its end.</summary>
    StartsAnew,

    /// <summary>What comes before the first record is not here, and the record does not say where its chain comes from.</summary>
    NoBeginning,

    /// <summary>The chain is not made with the key, or with one, and none was given.</summary>
    OtherKey,

    /// <summary>A head that was kept elsewhere is not in the chain.</summary>
    NoHead,
}
