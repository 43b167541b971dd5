using PoolProxy.Core.Backend;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Pooling;

/// <summary>A check, reset or ROLLBACK of the pool's. If it fails, or leaves a transaction open, the server is closed.</summary>
internal sealed class PoolExchange(Pool pool) : ProxyExchange
{
    private bool _hasFailed;

    public override void OnCommandComplete(ReadOnlySpan<byte> tag)
    {
        switch (CommandTag.Classify(tag))
        {
            case CommandTagKind.DiscardAll:
                Server.ForgetAll();
                break;
            case CommandTagKind.DeallocateAll:
                Server.Statements.Clear();
                break;
            case CommandTagKind.Reset or CommandTagKind.Set:
                // What the next client asks for has to be set again, even where it is what the last one had.
                Server.ForgetUnreported();
                break;
            default:
                break;
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
