using PoolProxy.Core.Backend;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// What a client's transaction under way has done to what statements prepared before depend on, as far as the protocol shows it. Some of it
/// concerns the server alone, some everybody in the database, from the transaction's end on.
/// </summary>
internal sealed class TransactionEffects(RelayClient client)
{
    private StatementTraits _traits;

    /// <summary>Whether what was prepared before holds, in a batch that does this itself.</summary>
    public bool AreNone(StatementTraits ofBatch) => ((ofBatch | _traits) & KeptParse.Undoing) == 0;

    /// <summary>A batch or Query was sent that may do this.</summary>
    public void Note(StatementTraits traits) => _traits |= traits;

    /// <summary>The transaction is over, committed or not, and nothing of the client's is under way on the server.</summary>
    public void End(ServerConnection server)
    {
        if ((_traits & KeptParse.Undoing) != 0)
        {
            if ((_traits & (StatementTraits.ChangesSchema | StatementTraits.Unknown)) != 0)
            {
                client.Route.Schema.Advance();
            }

            if ((_traits & KeptParse.UndoingSession) != 0)
            {
                server.Statements.SettingsChanged();
            }
        }

        _traits = StatementTraits.None;
    }
}
