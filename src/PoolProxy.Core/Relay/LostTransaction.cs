using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Conversation;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What is left of a client's request or transaction when its server died under it. An open transaction counts as failed: the next server
/// is put into a failed transaction first, so that nothing but ROLLBACK gets through, by PostgreSQL's own rules, and no later statement
/// of it takes effect alone. Of a batch that was cut, the rest up to its Sync is dropped, as after any error.
/// </summary>
internal sealed class LostTransaction(RelayClient client)
{
    private ProxyError? _untold;
    private ProxyError? _unsaid;
    private bool _isSkippingToSync;

    /// <summary>The next server has to be put into a failed transaction.</summary>
    public bool IsOwed { get; private set; }

    /// <summary>No transaction was lost whose consequences are still to come.</summary>
    public bool IsOver => !IsOwed && _untold is null && !_isSkippingToSync;

    /// <summary>
    /// The server is lost. <paramref name="isUnsaid"/>: all of the batch under way was answered and its Sync is still to come, so that nothing
    /// was left to be answered by the error; but nothing of it is committed.
    /// </summary>
    public void Note(bool wasInTransaction, bool wasAsked, bool awaitsSync, bool isUnsaid, ProxyError error)
    {
        IsOwed = wasInTransaction;
        _untold = wasInTransaction && !wasAsked ? error : null;
        _unsaid = isUnsaid ? error : null;
        _isSkippingToSync = awaitsSync;
    }

    /// <summary>
    /// True while a message belongs to the batch that was cut; it is to be answered with <paramref name="error"/>, if there is one, and its Sync
    /// with <paramref name="ready"/>.
    /// </summary>
    public bool Swallows(byte type, out ProxyError? error, out TransactionStatus? ready)
    {
        (error, ready) = (null, null);
        if (!_isSkippingToSync || type == FrontendType.Terminate)
        {
            return false;
        }

        (error, _unsaid) = (_unsaid, null);

        if (type == FrontendType.Sync)
        {
            _isSkippingToSync = false;
            ready = IsOwed ? TransactionStatus.Failed : TransactionStatus.Idle;
        }

        return true;
    }

    /// <summary>
    /// What to say in answer to the next statement, if the transaction was lost while the client had asked for nothing; once. A ROLLBACK
    /// needs no answer but its own; a COMMIT does, because few drivers look whether its tag says ROLLBACK.
    /// </summary>
    public ProxyError? TakeUntold(StatementTraits traits)
    {
        var loss = _untold;
        _untold = null;
        const StatementTraits Ending = StatementTraits.EndsTransaction | StatementTraits.RollsBack;
        return (traits & (Ending | StatementTraits.Multiple)) == Ending ? null : loss;
    }

    /// <summary>BEGIN and a statement that fails, both the proxy's own, ahead of the client's next batch.</summary>
    public void Fail()
    {
        IsOwed = false;
        client.Server.UnnamedOwner = null;
        var message = client.Shared.Scratch;
        message.Clear();
        Query.Write(message, "BEGIN"u8);
        Query.Write(message, Refusals.Sql);
        message.WrittenSpan.CopyTo(client.Shared.ToServer.AddScratch(message.WrittenLength));
        client.Server.Expect(OwedKind.Query, OwedOrigin.Proxy);
        client.Server.Expect(OwedKind.Query, OwedOrigin.Proxy);
    }
}
