namespace PoolProxy.Core.Transport;

/// <summary>How much of a connection is left on our side.</summary>
internal enum ConnectionState
{
    /// <summary>Its owner has it. Ends with Close or Abort, and only so: the peer's end leaves it open for the owner to close.</summary>
    Open,

    /// <summary>Closed by its owner; the backlog is still being sent. Ends when that is done or after five seconds. No callbacks.</summary>
    Closing,

    /// <summary>The descriptor is gone.</summary>
    Closed,
}
