namespace PoolProxy.Core.Isolation;

/// <summary>How the statements of a prelude are sent.</summary>
internal enum PreludeForm
{
    /// <summary>All in one simple Query: the cheapest. It takes the server's unnamed statement with it.</summary>
    Query,

    /// <summary>
    /// Each as a named statement, with one Sync behind all: for a client whose unnamed statement could not be sent again. Nothing of it is
    /// left behind the Sync. Dearer, and never written in front of a client's batch without that Sync, because a transaction would be open.
    /// </summary>
    Named,
}
