namespace PoolProxy.Core.Transport;

/// <summary>
/// TLS as a synchronous push channel between a socket and a session: cipher is fed in and taken out, plaintext read and written. It knows its
/// side and its peer's expected name from its making, does no I/O and never blocks. Owned by one <see cref="Connection"/>, which disposes of it.
/// No member throws for what the peer sends: that becomes <see cref="TlsState.Failed"/>.
/// </summary>
internal interface ITlsChannel : IDisposable
{
    TlsState State { get; }

    /// <summary>Why it failed, in words for the log; null unless <see cref="TlsState.Failed"/>.</summary>
    string? Failure { get; }

    /// <summary>
    /// Bytes from the peer; all are taken, and work on the handshake goes as far as it can. Empty bytes do the latter only: that is how a
    /// client's first flight is made.
    /// </summary>
    void Feed(ReadOnlySpan<byte> cipher);

    /// <summary>Decrypts into <paramref name="plain"/>; 0 when nothing is there now (then look at <see cref="State"/>).</summary>
    int Read(Span<byte> plain);

    /// <summary>Encrypts all of it; a record for each 16 KiB begun. Only while open or closed by the peer.</summary>
    void Write(ReadOnlySpan<byte> plain);

    /// <summary>Bytes waiting to be sent to the peer.</summary>
    int PendingCipher { get; }

    /// <summary>Takes bytes to be sent to the peer, in order; returns how many.</summary>
    int TakeCipher(Span<byte> destination);

    /// <summary>Adds a close_notify to the cipher; nothing may be written afterwards. Does nothing in the midst of a handshake.</summary>
    void CloseNotify();

    /// <summary>As PostgreSQL names it, such as <c>TLSv1.3</c>; null before the handshake has ended.</summary>
    string? Version { get; }

    /// <summary>OpenSSL's name of the cipher; null before the handshake has ended.</summary>
    string? Cipher { get; }

    /// <summary>The secret bits of the cipher; 0 before the handshake has ended.</summary>
    int CipherBits { get; }

    /// <summary>The group of the key exchange, such as <c>x25519</c> or <c>secp256r1</c>; null before the handshake has ended, or without one.</summary>
    string? Group { get; }

    /// <summary>
    /// What ALPN agreed on, <see cref="Tls.Alpn.Protocol"/>; null when the client named nothing. A connection that began without an SSLRequest
    /// must have it (protocol-flow.html#PROTOCOL-FLOW-SSL).
    /// </summary>
    string? ApplicationProtocol { get; }

    /// <summary>The peer has shown a certificate and it passed: chained to the CAs, and under verify-full naming the host.</summary>
    bool IsPeerVerified { get; }

    /// <summary>The peer's certificate in parts: CN, fingerprint, alternative names; null if none. Parsed at each call: cold paths only.</summary>
    Tls.CertificateDescription? DescribePeer();

    /// <summary>
    /// The leaf certificate the peer has shown (DER), checked as configured; empty if none.
    /// </summary>
    ReadOnlyMemory<byte> PeerCertificate { get; }

    /// <summary>
    /// The hash of the server's certificate for channel binding (RFC 5929 §4.1): ours on the server's side, the peer's on the client's. Empty
    /// when the certificate's signature has no single hash.
    /// </summary>
    ReadOnlyMemory<byte> TlsServerEndPoint { get; }
}
