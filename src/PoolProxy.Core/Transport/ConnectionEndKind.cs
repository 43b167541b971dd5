namespace PoolProxy.Core.Transport;

/// <summary>How a connection came to its end, from the other side or from below.</summary>
internal enum ConnectionEndKind
{
    /// <summary>The peer has sent all it wanted (FIN, under TLS after close_notify). Sending to it may still work.</summary>
    EndOfStream,

    /// <summary>FIN under TLS without close_notify: what came before may have been cut short by someone on the way.</summary>
    Truncated,

    /// <summary>The peer reset the connection, or had gone when we wrote.</summary>
    Reset,

    /// <summary>Another error of the socket, such as a timeout of keepalive.</summary>
    Failed,

    /// <summary>A TLS handshake or record was refused, by us or by the peer.</summary>
    TlsFailed,

    /// <summary>Our own handler threw; the exception is in the log.</summary>
    HandlerFault,

    /// <summary>Our own side closed or aborted it. Never given to OnEnd; pending cold reads are told with it.</summary>
    ClosedHere,
}
