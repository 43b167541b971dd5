using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>
/// TLS between a connection's socket and its handler: cipher that came is fed to the channel, plaintext given to the handler, and what the
/// channel wants sent goes out, in the handshake and after it.
/// </summary>
internal sealed class TlsLayer(Connection connection, ITlsChannel channel)
{
    private TlsHandshake? _handshake;
    private bool _isEndScheduled;

    public ITlsChannel Channel => channel;

    /// <summary>The handshake is not behind us yet.</summary>
    public bool IsHandshaking => _handshake is not null;

    /// <summary>There may be decrypted bytes that the handler has not been given, because it has paused.</summary>
    public bool IsPlainPending { get; private set; }

    private Loop Loop => connection.Loop;

    private bool IsOver => connection.IsClosed || connection.End is not null;

    /// <summary>Begins the handshake with cipher that was read already; the task ends as <see cref="Connection.StartTlsAsync"/> says.</summary>
    public Task BeginAsync(TimeSpan timeout, ReadOnlySpan<byte> received)
    {
        _handshake = new TlsHandshake(connection);
        var task = _handshake.Task;
        if (IsOver)
        {
            FailHandshake(connection.End ?? new ConnectionEnd(ConnectionEndKind.ClosedHere));
            return task;
        }

        connection.IsReadingWanted = true;
        Loop.Timers.Arm(_handshake, Loop.NowMilliseconds + (long)timeout.TotalMilliseconds);
        FeedHandshake(received);
        if (!IsOver)
        {
            connection.Socket.StartReceiving();
        }

        return task;
    }

    /// <summary>Cipher has come.</summary>
    public void Receive(in ReceivedBytes bytes)
    {
        if (_handshake is not null)
        {
            ReceiveHandshake(bytes);
        }
        else
        {
            channel.Feed(bytes.Span);
            Pump();
        }
    }

    /// <summary>Gives the handler what the channel has decrypted until there is no more or the handler pauses; then looks whether that was the end.</summary>
    public unsafe void Pump()
    {
        var buffer = Loop.WorkBuffers.ReceivedPlain;
        IsPlainPending = false;
        while (!IsOver)
        {
            if (!connection.IsReadingWanted)
            {
                IsPlainPending = true;
                break;
            }

            var length = channel.Read(new Span<byte>(buffer.Pointer, buffer.Capacity));
            if (length == 0)
            {
                break;
            }

            connection.Deliver(new ReceivedBytes(buffer.Pointer, length, ReceivedBytes.NotRetainable));
        }

        if (connection.IsClosed)
        {
            return;
        }

        // A read may have produced an answer: to a key update, or an alert.
        SendCipher();
        if (IsPlainPending)
        {
            return;
        }

        if (channel.State == TlsState.PeerClosed)
        {
            connection.EndWith(new ConnectionEnd(ConnectionEndKind.EndOfStream));
        }
        else if (channel.State == TlsState.Failed)
        {
            connection.EndWith(Failure());
        }
    }

    public void Send(SegmentList segments)
    {
        TlsSending.Write(Loop, RequireOpen(), segments);
        segments.Clear();
        SendCipher();
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        RequireOpen()?.Write(bytes);
        SendCipher();
    }

    /// <summary>Says goodbye to the peer, where that can be said.</summary>
    public void CloseNotify()
    {
        if (channel.State is TlsState.Open or TlsState.PeerClosed)
        {
            channel.CloseNotify();
            SendCipher();
        }
    }

    /// <summary>Ends a handshake under way, if there is one, for whoever awaits it.</summary>
    public void FailHandshake(ConnectionEnd end)
    {
        var handshake = _handshake;
        _handshake = null;
        handshake?.Fail(end);
    }

    // ---- the handshake

    private void ReceiveHandshake(in ReceivedBytes bytes)
    {
        if (Loop.Handshakes.TryEnter())
        {
            FeedHandshake(bytes.Span);
            return;
        }

        // Not in this turn. One piece is held back, and reading stands still until it has been fed.
        var held = Loop.Buffers.Rent(bytes.Length);
        held.Append(bytes.Span);
        _handshake!.HeldBack = held;
        connection.Socket.StopReceiving();
        Loop.Handshakes.Enqueue(static layer => ((TlsLayer)layer!).FeedHeldBack(), this);
    }

    private void FeedHeldBack()
    {
        if (connection.IsClosed || _handshake is not { } handshake)
        {
            return;
        }

        var held = handshake.HeldBack!;
        handshake.HeldBack = null;
        FeedHandshake(held.Span);
        held.Return();
        if (!IsOver && (connection.IsReadingWanted || IsHandshaking))
        {
            connection.Socket.StartReceiving();
        }
    }

    private void FeedHandshake(ReadOnlySpan<byte> cipher)
    {
        channel.Feed(cipher);
        SendCipher();
        if (channel.State == TlsState.Handshaking)
        {
            return;
        }

        if (channel.State == TlsState.Failed)
        {
            connection.EndWith(Failure());
            return;
        }

        var handshake = _handshake!;
        _handshake = null;
        if (!connection.IsReadingWanted)
        {
            connection.Socket.StopReceiving();
        }

        // Plaintext that came in the same piece: from a deferred call, since this may be inside one of the handler's.
        IsPlainPending = true;
        connection.ScheduleResume();
        handshake.Complete();
    }

    // ---- sending

    // Null when the channel can take nothing more: the failure is on its way to the handler.
    private ITlsChannel? RequireOpen() => _handshake is not null
        ? throw new InvalidOperationException("Nothing can be sent during the TLS handshake.")
        : channel.State is TlsState.Open or TlsState.PeerClosed ? channel : null;

    private void SendCipher()
    {
        TlsSending.SendPending(Loop, channel, connection.Socket);
        if (channel.State == TlsState.Failed && _handshake is null && !IsOver && !_isEndScheduled)
        {
            // Possibly inside a call of the handler's: it hears of it later.
            _isEndScheduled = true;
            Loop.Defer(static layer => ((TlsLayer)layer!).EndAfterFailure(), this);
        }
    }

    private void EndAfterFailure()
    {
        if (!connection.IsClosed)
        {
            connection.EndWith(Failure());
        }
    }

    private ConnectionEnd Failure() => new(ConnectionEndKind.TlsFailed, 0, channel.Failure ?? "TLS failed");
}
