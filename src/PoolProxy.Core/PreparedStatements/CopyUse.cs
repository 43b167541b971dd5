namespace PoolProxy.Core.PreparedStatements;

/// <summary>Whether a server's copy of a statement can be used by what is sent next.</summary>
internal enum CopyUse : byte
{
    /// <summary>There is none that fits: the statement is to be prepared, behind a Close of what stands in its way.</summary>
    Missing,

    /// <summary>The server holds it, or has been sent it in the batch under way, which fails with it.</summary>
    Usable,

    /// <summary>An earlier batch was to prepare it and is not answered yet: nobody knows. The answer settles it.</summary>
    Unsettled,
}
