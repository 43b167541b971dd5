using PoolProxy.Core.Errors;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Relay.Replication;

/// <summary>
/// A replication client and the server connection that is its own: bytes pass as they are, both ways at once (protocol-replication.html,
/// CopyBothResponse), for as long as either end holds. Nothing is tracked, reset or shared. Owned by one loop.
/// </summary>
internal sealed class ReplicationTunnel
{
    /// <summary>What a side may be behind with before its peer is held up.</summary>
    private const int MaxBacklogBytes = 256 * 1024;

    private readonly Connection _client;
    private readonly DedicatedServer _server;
    private readonly PoolDirectory _pools;
    private readonly Action<RelayOutcome, ProxyError?> _ended;
    private FrameTracker _toClient;
    private FrameTracker _toServer;
    private bool _isOver;

    /// <param name="client">The client, past its login.</param>
    /// <param name="server">Its server.</param>
    /// <param name="pools">The loop's pools.</param>
    /// <param name="ended">Told once, when the client's session has to end: why, and with what error if there was one.</param>
    public ReplicationTunnel(Connection client, DedicatedServer server, PoolDirectory pools, Action<RelayOutcome, ProxyError?> ended)
    {
        _client = client;
        _server = server;
        _pools = pools;
        _ended = ended;
        server.Unwanted = _ => End(RelayOutcome.Administrator, ProxyErrors.AdminShutdown);
    }

    public DedicatedServer Server => _server;

    /// <summary>A cancel of it that is under way, or null: one at a time, or its client could open connections to PostgreSQL without a bound.</summary>
    public Task? Cancel { get; set; }

    /// <summary>What each side had sent before it came here goes first.</summary>
    public void Start(ReadOnlySpan<byte> fromClient)
    {
        var fromServer = _server.Opened.Channel.Detach();
        _client.Handler = new Side(this, isClient: true);
        _server.Connection.Handler = new Side(this, isClient: false);
        if (Pass(fromServer.Span, isFromClient: false) && Pass(fromClient, isFromClient: true))
        {
            _client.ResumeReading();
            _server.Connection.ResumeReading();
        }
    }

    /// <summary>Ends both from outside. The client is told why where its stream stands between two messages.</summary>
    public void End(RelayOutcome outcome, ProxyError? error)
    {
        if (_isOver)
        {
            return;
        }

        // Whoever was told by the server itself, in its last words, needs no others.
        if (error is not null && _toClient is { IsBetweenMessages: true, LastType: not BackendType.ErrorResponse })
        {
            _client.Send(error.AsFatal().Wire.Span);
        }

        Close();
        _ended(outcome, error);
    }

    /// <summary>The client's session is over: so is the server's.</summary>
    public void Close()
    {
        if (!_isOver)
        {
            _isOver = true;

            // What the client has sent is to reach the server: its Terminate, or the end of its COPY.
            _server.Connection.Close();
            _server.Over(_pools);
        }
    }

    private bool Pass(ReadOnlySpan<byte> bytes, bool isFromClient)
    {
        if (_isOver || bytes.IsEmpty)
        {
            return !_isOver;
        }

        var (source, target) = isFromClient ? (_client, _server.Connection) : (_server.Connection, _client);
        var isWellFormed = isFromClient ? _toServer.TryPass(bytes) : _toClient.TryPass(bytes);
        if (!isWellFormed)
        {
            End(isFromClient ? RelayOutcome.ClientViolation : RelayOutcome.ServerLost, isFromClient ? ProxyErrors.BadMessageHeader(bytes) : ProxyErrors.ServerProtocolViolation);
            return false;
        }

        target.Send(bytes);
        if (target.BacklogBytes > MaxBacklogBytes)
        {
            source.PauseReading();
        }

        return true;
    }

    private sealed class Side(ReplicationTunnel tunnel, bool isClient) : IConnectionHandler
    {
        public void OnReceived(Connection connection, in ReceivedBytes bytes) => tunnel.Pass(bytes.Span, isClient);

        public void OnDrained(Connection connection) => (isClient ? tunnel._server.Connection : tunnel._client).ResumeReading();

        public void OnEnd(Connection connection, ConnectionEnd end)
        {
            if (tunnel._toServer is { LastType: FrontendType.Terminate, IsBetweenMessages: true })
            {
                tunnel.End(RelayOutcome.ClientTerminated, null);
            }
            else
            {
                tunnel.End(isClient ? RelayOutcome.ClientLost : RelayOutcome.ServerLost, isClient ? null : ProxyErrors.ServerLost);
            }
        }
    }
}
