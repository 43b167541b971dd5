namespace PoolProxy.Core.Doctor.Checks;

/// <summary>Prepared transactions leave the session that made them, with their locks, and any session of the login can end them.</summary>
internal sealed class PreparedTransactionsCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "transactions cannot be prepared and left behind";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination) =>
        await examination.SettingAsync("max_prepared_transactions") is "0" or null ? [] :
        [
            Finding.Fault(
                "max_prepared_transactions is not 0",
                "PREPARE TRANSACTION takes a transaction and its locks out of the session: no reset ends it, and the next identity of the role can commit it.",
                "ALTER SYSTEM SET max_prepared_transactions = 0;") with
            {
                Advice = "The server has to be restarted.",
            },
        ];
}
