namespace PoolProxy.Core.Transport.Tls;

/// <summary>What every channel of one context has in common; one object for all of them.</summary>
/// <param name="IsServer">The peer is a client of ours.</param>
/// <param name="VerifiesPeer">A certificate that the peer shows has to pass, or the handshake ends.</param>
/// <param name="ServerEndPoint">The channel binding of our own certificate, where we are the server; else null, and taken from the peer's.</param>
internal sealed record TlsChannelTraits(bool IsServer, bool VerifiesPeer, byte[]? ServerEndPoint);
