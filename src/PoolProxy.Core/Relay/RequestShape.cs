using PoolProxy.Core.PreparedStatements;

namespace PoolProxy.Core.Relay;

/// <summary>What a client's request is, looked at as a whole before any of it is sent.</summary>
/// <param name="IsIndependent">
/// One statement, in one simple Query or one batch with its one Sync, that needs nothing and leaves nothing (isolation.md §9); all of it is here.
/// </param>
/// <param name="Number">Its text's number in the history.</param>
/// <param name="Statement">What it runs, if that is prepared already.</param>
internal readonly record struct RequestShape(bool IsIndependent, int Number = 0, Statement? Statement = null);
