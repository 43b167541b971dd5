namespace PoolProxy.Load.Driver;

/// <summary>Where a client's connection is.</summary>
internal enum ClientState : byte
{
    /// <summary>No socket; <see cref="Client.Open"/> ends it.</summary>
    Closed,

    /// <summary>The socket is connecting; its becoming writable ends it.</summary>
    Connecting,

    /// <summary>SSLRequest is sent; the server's one byte ends it. Nothing else may be read with it.</summary>
    AskingForTls,

    /// <summary>The TLS handshake is under way.</summary>
    Handshaking,

    /// <summary>StartupMessage is sent; the first ReadyForQuery ends it.</summary>
    LoggingIn,

    /// <summary>Logged in: messages go to the kind of client it is.</summary>
    Serving,

    /// <summary>Terminate is sent; the server's close ends it.</summary>
    Leaving,
}
