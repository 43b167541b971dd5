namespace PoolProxy.Core.Loops;

/// <summary>Whose memory a segment is, which decides how long an engine may read it without copying.</summary>
internal enum SegmentOrigin : byte
{
    /// <summary>An engine's receive buffer, named by its id; the engine can hold it back.</summary>
    Received,

    /// <summary>Data of the program's image: never moves, never goes.</summary>
    Constant,

    /// <summary>The caller's, valid until Send returns.</summary>
    Borrowed,

    /// <summary>The list's own scratch, valid until it is cleared, which Send does.</summary>
    Scratch,
}
