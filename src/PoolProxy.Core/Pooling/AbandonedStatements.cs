using PoolProxy.Core.Backend;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// Cancels what one loop's servers of a pool still run when the proxy closes them. A backend notices that nobody is there only when it next reads or writes,
/// which may be hours away. The connection is closed before, and for good: nobody else can be hit, and the backend, which cannot tell anybody that
/// it was cancelled, ends. Owned by one loop.
/// </summary>
internal sealed class AbandonedStatements(Pool pool, IServerOpener opener)
{
    /// <summary>Cancels under way at a time: each is a connection, with a TLS handshake maybe.</summary>
    public const int MaxUnderWay = 4;

    /// <summary>Cancels that wait for those under way. Beyond, as when a server takes no connections, a statement is left to its backend.</summary>
    public const int MaxWaiting = 256;

    private readonly Queue<CancelAim> _waiting = new();

    /// <summary>Statements that were to be cancelled so far.</summary>
    public long TotalCount { get; private set; }

    /// <summary>Their cancels that wait or are under way.</summary>
    public int Count => _waiting.Count + UnderWay;

    /// <summary>Those that are under way.</summary>
    public int UnderWay { get; private set; }

    /// <summary>The server is closed, for this reason: is something running there that nobody waits for?</summary>
    public void ServerClosed(ServerConnection server, CloseReason reason)
    {
        // A server that is gone runs nothing, one that broke the protocol is not spoken to again, and what was sent behind others is short.
        if (server.Conversation.Count == 0
            || reason is CloseReason.ServerLost or CloseReason.ProtocolViolation or CloseReason.PipelineBroken or CloseReason.ClientTerminated)
        {
            return;
        }

        TotalCount++;
        if (_waiting.Count == MaxWaiting)
        {
            pool.Log.StatementLeftRunning(pool.Key.ToString(), server.Facts.ProcessId);
            return;
        }

        _waiting.Enqueue(server.Aim);
        if (UnderWay < MaxUnderWay)
        {
            UnderWay++;

            // At the end of the turn: the connection's end is to reach the backend ahead of the cancel.
            pool.Loop.Defer(static state => ((AbandonedStatements)state!).Begin(), this);
        }
    }

    private void Begin() => pool.Loop.Run(static state => ((AbandonedStatements)state!).RunAsync(), this);

    private async Task RunAsync()
    {
        try
        {
            while (_waiting.TryDequeue(out var aim))
            {
                try
                {
                    await opener.CancelAsync(aim);
                }
                catch (ServerLoginException failure)
                {
                    pool.Log.ServerQueryFailed(pool.Key.ToString(), aim.ProcessId, "CancelRequest", failure.Message);
                }
            }
        }
        finally
        {
            UnderWay--;
        }
    }
}
