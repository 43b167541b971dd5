namespace PoolProxy.Protocol.Conversation;

/// <summary>How far the server is with a COPY FROM STDIN.</summary>
internal enum CopyPhase : byte
{
    /// <summary>No CopyInResponse is open.</summary>
    None,

    /// <summary>The server reads data, and nothing was sent yet that ends it. It ignores Sync meanwhile.</summary>
    Reading,

    /// <summary>
    /// What ends the reading is on its way: CopyDone, CopyFail, or a message that has no place in COPY and so makes
    /// the server raise an error. A Sync sent from here on is answered.
    /// </summary>
    Ending,
}
