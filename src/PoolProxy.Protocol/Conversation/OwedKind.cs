namespace PoolProxy.Protocol.Conversation;

/// <summary>
/// What was sent to a server and is still to be answered: one frontend message, or the end of a COPY.
/// Flush and CopyData have no entry: nothing answers them.
/// </summary>
public enum OwedKind : byte
{
    /// <summary>Answered by ParseComplete.</summary>
    Parse,

    /// <summary>Answered by BindComplete.</summary>
    Bind,

    /// <summary>Answered by ParameterDescription and then RowDescription or NoData.</summary>
    DescribeStatement,

    /// <summary>Answered by RowDescription or NoData.</summary>
    DescribePortal,

    /// <summary>Answered by rows or COPY, then CommandComplete, EmptyQueryResponse or PortalSuspended.</summary>
    Execute,

    /// <summary>Answered by CloseComplete.</summary>
    Close,

    /// <summary>Answered by ReadyForQuery; ends the skipping that follows an error. Never <see cref="OwedOrigin.Made"/>.</summary>
    Sync,

    /// <summary>Answered by any number of results, then ReadyForQuery. Never <see cref="OwedOrigin.Made"/>.</summary>
    Query,

    /// <summary>Answered by FunctionCallResponse, then ReadyForQuery. Never <see cref="OwedOrigin.Made"/>.</summary>
    FunctionCall,

    /// <summary>
    /// The client's CopyDone or CopyFail: a marker of where the server leaves COPY again. It has no answer of its own,
    /// so it vanishes at the head and is never handed out. Never <see cref="OwedOrigin.Made"/>.
    /// </summary>
    CopyEnd,
}
