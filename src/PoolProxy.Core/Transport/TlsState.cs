namespace PoolProxy.Core.Transport;

/// <summary>Where a <see cref="ITlsChannel"/> is.</summary>
internal enum TlsState
{
    /// <summary>Before the handshake has ended; nothing may be written.</summary>
    Handshaking,

    /// <summary>Plaintext flows both ways.</summary>
    Open,

    /// <summary>The peer's close_notify has come: nothing more to read, writing still works.</summary>
    PeerClosed,

    /// <summary>The handshake or a record was refused; an alert may wait in the cipher to be taken. Only to be sent and closed.</summary>
    Failed,
}
