using PoolProxy.Core.Backend;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Pooling;

/// <summary>A check, reset or ROLLBACK of the pool's. If it fails, or leaves a transaction open, the server is closed.</summary>
internal sealed class PoolExchange(Pool pool) : ProxyExchange
{
    private bool _hasFailed;

    public override void OnCommandComplete(ReadOnlySpan<byte> tag)
    {
        if (tag.SequenceEqual("DISCARD ALL"u8) || tag.SequenceEqual("DEALLOCATE ALL"u8))
        {
            Server.Statements.Clear();
            Server.UnnamedOwner = null;
        }
    }

    public override void OnError(in ErrorFields fields) => _hasFailed = true;

    public override void OnReady(TransactionStatus status)
    {
        if (_hasFailed || status != TransactionStatus.Idle)
        {
            Server.Close(CloseReason.CheckFailed);
        }
        else
        {
            pool.ExchangeDone(Server);
        }
    }
}
