using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Backend;

/// <summary>
/// Something the proxy itself asks a server that serves no client at that moment, or ahead of a client's bytes: prelude, reset, check,
/// ROLLBACK. One at a time on a server; its answers come here and go nowhere else. It has a deadline of its own, at which the server
/// is closed.
/// </summary>
internal abstract class ProxyExchange : TimerNode
{
    /// <summary>The tag that the entries of an exchange carry in the conversation.</summary>
    public const int Tag = int.MinValue;

    public ServerConnection Server { get; internal set; } = null!;

    /// <summary>How many ReadyForQuery are still to come; the exchange is over at the last.</summary>
    public int RepliesLeft { get; protected internal set; } = 1;

    /// <summary>A row of a result; the body of DataRow.</summary>
    public virtual void OnRow(ReadOnlySpan<byte> body)
    {
    }

    /// <summary>The server begins a result: its description, or a COPY.</summary>
    public virtual void OnResult()
    {
    }

    public abstract void OnCommandComplete(ReadOnlySpan<byte> tag);

    public abstract void OnError(in ErrorFields fields);

    /// <summary>A ReadyForQuery has come, and another is still to come.</summary>
    public virtual void OnReplyEnd(TransactionStatus status)
    {
    }

    /// <summary>The answers are complete. The exchange is already taken off the server.</summary>
    public abstract void OnReady(TransactionStatus status);

    /// <summary>The server went away in between; it is closed already.</summary>
    public virtual void OnServerLost()
    {
    }

    protected internal override void OnDue(long nowMilliseconds)
    {
        if (!Server.Loop.Standstill.TryPutOff(this))
        {
            Server.Close(CloseReason.CheckFailed);
        }
    }
}
