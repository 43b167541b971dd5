using System.Net;
using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>
/// Who a connection joins, and how it comes to its end: its handler is told once that nothing more will come, its owner closes it, and what
/// was still to be sent has five seconds. A base of <see cref="Connection"/> rather than a part of it, because every message goes through
/// <see cref="Handler"/>.
/// </summary>
internal abstract class ConnectionLife
{
    private ConnectionState _state;
    private CloseDeadline? _closeDeadline;
    private IPEndPoint? _local;
    private bool _isPeerDone;

    private protected ConnectionLife(Loop loop, int descriptor, IPEndPoint? remote, ITlsChannel? tls)
    {
        loop.AssertCurrent();
        Loop = loop;
        RemoteEndPoint = remote;
        Handler = ClosedHandler.Instance;
        TlsLayer = tls is null ? null : new TlsLayer((Connection)this, tls);
        Socket = loop.Engine.Open(descriptor, (Connection)this);
        Id = new ConnectionId(loop.Index, Socket.Id);
    }

    public Loop Loop { get; }

    public ConnectionId Id { get; }

    /// <summary>Who gets the bytes and the end; to be set before reading starts.</summary>
    public IConnectionHandler Handler { get; set; }

    /// <summary>The peer's address; null for a Unix socket.</summary>
    public IPEndPoint? RemoteEndPoint { get; }

    /// <summary>Our address; null for a Unix socket, and after closing if it was not asked for before.</summary>
    public IPEndPoint? LocalEndPoint => IsUnix ? null : _local ??= SocketOptions.LocalAddressOf(Socket.Descriptor);

    public bool IsUnix => RemoteEndPoint is null;

    /// <summary>Close or Abort has been called; no callback follows.</summary>
    public bool IsClosed => _state != ConnectionState.Open;

    /// <summary>How it ended from the other side or from below; null before, and when only our side has closed it.</summary>
    internal ConnectionEnd? End { get; private set; }

    internal EngineSocket Socket { get; }

    /// <summary>Null without TLS.</summary>
    internal TlsLayer? TlsLayer { get; private protected set; }

    /// <summary>Somebody wants to be given bytes.</summary>
    internal bool IsReadingWanted { get; set; }

    /// <summary>
    /// Sends close_notify under TLS and what is in the backlog, for five seconds at most, then closes. No callback after this.
    /// </summary>
    public void Close() => Close(isPeerDone: false);

    /// <summary>The same; where the peer <paramref name="isPeerDone"/>, having said that it sends nothing more (Terminate), nothing is discarded.</summary>
    public void Close(bool isPeerDone)
    {
        Loop.AssertCurrent();
        if (IsClosed)
        {
            return;
        }

        _isPeerDone = isPeerDone;

        _state = ConnectionState.Closing;
        Silence();
        TlsLayer?.CloseNotify();
        Socket.Flush();
        if (Socket.BacklogBytes == 0)
        {
            Finish();
            return;
        }

        Socket.StopReceiving();
        _closeDeadline = new CloseDeadline((Connection)this);
        Loop.Timers.Arm(_closeDeadline, Loop.NowMilliseconds + CloseDeadline.PatienceMilliseconds);
    }

    /// <summary>Closes at once; the backlog is lost. No callback after this.</summary>
    public void Abort()
    {
        Loop.AssertCurrent();
        if (_state == ConnectionState.Closed)
        {
            return;
        }

        var wasOpen = _state == ConnectionState.Open;
        _state = ConnectionState.Closed;
        if (wasOpen)
        {
            Silence();
        }

        Finish();
    }

    /// <summary>The end, from the other side or from below: the handler is told, once.</summary>
    internal void EndWith(ConnectionEnd end)
    {
        if (End is not null || IsClosed)
        {
            return;
        }

        End = end;
        Socket.StopReceiving();
        TlsLayer?.FailHandshake(end);
        TellEnd();
    }

    /// <summary>Tells the handler of the end there was.</summary>
    internal void TellEnd() => CallHandler(static (connection, handler) => handler.OnEnd(connection, connection.End!.Value));

    private protected void CallHandler(Action<Connection, IConnectionHandler> call)
    {
        try
        {
            call((Connection)this, Handler);
        }
        catch (Exception exception)
        {
            OnHandlerFault(exception);
        }
    }

    private protected void OnHandlerFault(Exception exception)
    {
        Loop.CountFault(exception);
        if (IsClosed)
        {
            return;
        }

        if (End is not null)
        {
            Abort();
            return;
        }

        End = new ConnectionEnd(ConnectionEndKind.HandlerFault);
        Socket.StopReceiving();
        Loop.Defer(
            static item =>
            {
                var connection = (ConnectionLife)item!;
                if (!connection.IsClosed)
                {
                    connection.TellEnd();
                }
            },
            this);
    }

    /// <summary>The socket has got rid of its backlog, or never will. True: that was all a closed connection was waiting for.</summary>
    private protected bool FinishIfClosing()
    {
        if (_state != ConnectionState.Closing)
        {
            return false;
        }

        Finish();
        return true;
    }

    /// <summary>Closed for its owner, without a callback; the descriptor is somebody else's now.</summary>
    private protected void Leave()
    {
        _state = ConnectionState.Closed;
        Handler = ClosedHandler.Instance;
    }

    // Under TLS a close_notify may follow the last message, and the end of the stream may be told before that of the socket.
    private bool MayHaveUnread => !IsUnix && (TlsLayer is not null || !(_isPeerDone || End is { Kind: ConnectionEndKind.EndOfStream }));

    // From here on nobody is told anything, but whoever awaits something gets its exception.
    private void Silence()
    {
        IsReadingWanted = false;
        var end = End ?? new ConnectionEnd(ConnectionEndKind.ClosedHere);
        TlsLayer?.FailHandshake(end);
        (Handler as ColdChannel)?.OnClosedHere(end);
        Handler = ClosedHandler.Instance;
    }

    private void Finish()
    {
        _state = ConnectionState.Closed;
        if (_closeDeadline is not null)
        {
            Loop.Timers.Disarm(_closeDeadline);
        }

        Socket.Close(discardsUnread: MayHaveUnread);
        TlsLayer?.Channel.Dispose();
    }
}
