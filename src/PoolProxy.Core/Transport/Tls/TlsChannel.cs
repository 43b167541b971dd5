using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PoolProxy.Core.Transport.Tls;

/// <summary>
/// TLS for one connection as a push channel: cipher bytes go in by <see cref="Feed"/> and come out by
/// <see cref="TakeCipher"/>, plaintext by <see cref="Read"/> and <see cref="Write"/>; it never waits and knows no socket.
/// After each Feed the owner reads until 0, then looks at <see cref="State"/>, and sends what is pending in every state:
/// after a failure that is the alert that tells the peer why. Owned by one loop. What a peer can do shows as
/// <see cref="TlsState.Failed"/>, never as an exception; exceptions say that the owner broke the order of calls.
/// RFC 8446, RFC 5246.
/// </summary>
internal sealed unsafe class TlsChannel : ITlsChannel
{
    private readonly TlsChannelTraits _traits;
    private nint _ssl;
    private ChannelQueues* _queues;
    private bool _isCloseNotified;

    // OpenSSL may hold decrypted bytes of a record that our last read did not take to its end.
    private bool _holdsPlaintext;

    /// <inheritdoc/>
    public TlsState State { get; private set; }

    /// <inheritdoc/>
    public string? Failure { get; private set; }

    /// <inheritdoc/>
    public int PendingCipher => _ssl == 0 ? 0 : _queues->Outgoing.Length;

    private TlsChannel(TlsChannelTraits traits) => _traits = traits;

    /// <summary>Frees what the owner forgot; a channel that is disposed never comes here.</summary>
    ~TlsChannel() => Free();

    /// <summary>A channel on <paramref name="context"/>, whose reference OpenSSL takes. A client's hello is pending on return.</summary>
    /// <exception cref="ObjectDisposedException">The context was disposed.</exception>
    /// <exception cref="InsufficientMemoryException">OpenSSL has no memory.</exception>
    /// <exception cref="ArgumentException">OpenSSL refuses the host.</exception>
    internal static TlsChannel Open(SslContextHandle context, TlsChannelTraits traits, ExpectedHost? expectedHost)
    {
        var channel = new TlsChannel(traits);
        try
        {
            channel.Start(context, expectedHost);
            return channel;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Feed(ReadOnlySpan<byte> cipher)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        // Behind a close_notify nothing counts any more (RFC 8446 §6.1), and a failed channel is past reading.
        if (State is TlsState.PeerClosed or TlsState.Failed || cipher.IsEmpty)
            return;
        fixed (byte* source = cipher)
        {
            if (!_queues->Incoming.TryAppend(source, cipher.Length, ChannelBio.MaxQueuedBytes))
            {
                Fail("more bytes came than are kept unread");
                return;
            }
        }
        if (State == TlsState.Handshaking)
            Handshake();
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public int Read(Span<byte> plain)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        if (State != TlsState.Open || plain.IsEmpty || (!_holdsPlaintext && _queues->Incoming.Length == 0))
            return 0;
        nuint read = 0;
        int result;
        // .NET's own cryptography shares this thread's error queue, and SSL_get_error takes a leftover for ours.
        LibCrypto.ERR_clear_error();
        fixed (byte* destination = plain)
            result = LibSsl.SSL_read_ex(_ssl, destination, (nuint)plain.Length, &read);
        if (result == 1)
        {
            // A read never goes past the end of a record, so one that came back short has emptied it.
            _holdsPlaintext = (int)read == plain.Length;
            GC.KeepAlive(this);
            return (int)read;
        }
        _holdsPlaintext = false;
        switch (LibSsl.SSL_get_error(_ssl, result))
        {
            case LibSsl.ErrorWantRead:
                break;
            case LibSsl.ErrorZeroReturn:
                State = TlsState.PeerClosed;
                _queues->Incoming.Free();
                break;
            default:
                Fail(OpenSslError.Take("the peer broke the protocol"));
                break;
        }
        GC.KeepAlive(this);
        return 0;
    }

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> plain)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        if (State == TlsState.Handshaking || _isCloseNotified)
            throw new InvalidOperationException(_isCloseNotified ? "a TLS channel takes no plaintext after CloseNotify" : "a TLS channel takes no plaintext before its handshake is done");
        if (State == TlsState.Failed || plain.IsEmpty)
            return;
        nuint written = 0;
        int result;
        LibCrypto.ERR_clear_error();
        fixed (byte* source = plain)
            result = LibSsl.SSL_write_ex(_ssl, source, (nuint)plain.Length, &written);
        if (result != 1)
            Fail(_queues->HasOverflowed ? "more bytes are waiting for the peer than are kept" : OpenSslError.Take("OpenSSL cannot encrypt"));
        else
            Debug.Assert(written == (nuint)plain.Length, "without partial writes a write is whole or an error");
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public int TakeCipher(Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        int taken;
        fixed (byte* start = destination)
            taken = _queues->Outgoing.Take(start, destination.Length);
        GC.KeepAlive(this);
        return taken;
    }

    /// <inheritdoc/>
    public void CloseNotify()
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        // OpenSSL forbids it in a handshake and after a failure; there the alert, or the close of the socket, says enough.
        if (_isCloseNotified || State is TlsState.Handshaking or TlsState.Failed)
            return;
        _isCloseNotified = true;
        _ = LibSsl.SSL_shutdown(_ssl);
        LibCrypto.ERR_clear_error();
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public string? Version => WhenOpen(ssl => OpenSslError.Text(LibSsl.SSL_get_version(ssl)));

    /// <inheritdoc/>
    public string? Cipher => WhenOpen(ssl => OpenSslError.Text(LibSsl.SSL_CIPHER_get_name(LibSsl.SSL_get_current_cipher(ssl))));

    /// <inheritdoc/>
    public int CipherBits => WhenOpen(ssl => LibSsl.SSL_CIPHER_get_bits(LibSsl.SSL_get_current_cipher(ssl), 0));

    /// <inheritdoc/>
    public string? Group => WhenOpen(ssl => OpenSslError.Text(LibSsl.SSL_group_to_name(ssl, (int)LibSsl.SSL_ctrl(ssl, LibSsl.ControlGetNegotiatedGroup, 0, null))));

    /// <inheritdoc/>
    public string? ApplicationProtocol => WhenOpen(ssl =>
    {
        byte* name;
        uint length;
        LibSsl.SSL_get0_alpn_selected(ssl, &name, &length);
        return length == 0 ? null : System.Text.Encoding.ASCII.GetString(name, (int)length);
    });

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> PeerCertificate => WithPeerCertificate(CertificateDescription.Encode);

    /// <inheritdoc/>
    public CertificateDescription? DescribePeer() => WithPeerCertificate(CertificateDescription.Of);

    /// <inheritdoc/>
    public bool IsPeerVerified =>
        _traits.VerifiesPeer
        && WithPeerCertificate(_ => true)
        && WhenOpen(ssl => LibSsl.SSL_get_verify_result(ssl) == LibCrypto.VerifyOk);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> TlsServerEndPoint =>
        _traits.IsServer ? _traits.ServerEndPoint : WithPeerCertificate(ChannelBinding.ServerEndPoint);

    /// <summary>Frees everything native. No close_notify is made here: the owner asks for it while it can still send.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Start(SslContextHandle context, ExpectedHost? expectedHost)
    {
        LibCrypto.ERR_clear_error();
        _ssl = LibSsl.SSL_new(context);
        if (_ssl == 0)
            throw new InsufficientMemoryException(OpenSslError.Take("OpenSSL cannot make a connection"));
        _queues = (ChannelQueues*)NativeMemory.AllocZeroed((nuint)sizeof(ChannelQueues));
        nint bio = ChannelBio.Create(_queues);
        LibSsl.SSL_set_bio(_ssl, bio, bio);
        if (_traits.IsServer)
        {
            LibSsl.SSL_set_accept_state(_ssl);
            return;
        }
        LibSsl.SSL_set_connect_state(_ssl);
        expectedHost?.Apply(_ssl);
        Handshake();
    }

    private void Handshake()
    {
        LibCrypto.ERR_clear_error();
        int result = LibSsl.SSL_do_handshake(_ssl);
        if (result == 1)
        {
            State = TlsState.Open;
            _holdsPlaintext = true;
            return;
        }
        if (LibSsl.SSL_get_error(_ssl, result) == LibSsl.ErrorWantRead)
            return;
        string reason = OpenSslError.Take("the peer broke the protocol");
        long verified = LibSsl.SSL_get_verify_result(_ssl);
        if (_traits.VerifiesPeer && verified != LibCrypto.VerifyOk)
            reason = $"{reason} ({OpenSslError.Text(LibCrypto.X509_verify_cert_error_string(verified))})";
        Fail(reason);
    }

    private void Fail(string reason)
    {
        Failure = State == TlsState.Handshaking ? $"TLS handshake failed: {reason}" : $"TLS failed: {reason}";
        State = TlsState.Failed;
        _holdsPlaintext = false;
        _queues->Incoming.Free();
    }

    private T? WhenOpen<T>(Func<nint, T?> read)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        T? value = State is TlsState.Open or TlsState.PeerClosed ? read(_ssl) : default;
        GC.KeepAlive(this);
        return value;
    }

    private T? WithPeerCertificate<T>(Func<X509Handle, T?> read) => WhenOpen(ssl =>
    {
        using X509Handle certificate = LibSsl.SSL_get1_peer_certificate(ssl);
        return certificate.IsInvalid ? default : read(certificate);
    });

    private void Free()
    {
        // The BIO goes with the connection, so the queues that it points to go last.
        LibSsl.SSL_free(_ssl);
        _ssl = 0;
        if (_queues is null)
            return;
        _queues->Incoming.Free();
        _queues->Outgoing.Free();
        NativeMemory.Free(_queues);
        _queues = null;
    }
}
