namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// What lies between the socket and OpenSSL for one channel: the BIO's data. Allocated and freed by its
/// <see cref="TlsChannel"/>, in native memory because OpenSSL's callbacks reach it by address.
/// </summary>
internal struct ChannelQueues
{
    /// <summary>Cipher bytes from the peer that OpenSSL has not read yet.</summary>
    public ByteQueue Incoming;

    /// <summary>Cipher bytes from OpenSSL that the socket has not taken yet.</summary>
    public ByteQueue Outgoing;

    /// <summary>A write was refused because <see cref="Outgoing"/> was at its bound.</summary>
    public bool HasOverflowed;
}
