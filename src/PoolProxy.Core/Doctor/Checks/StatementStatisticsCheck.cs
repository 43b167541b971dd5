namespace PoolProxy.Core.Doctor.Checks;

/// <summary>pg_stat_statements before 18 keeps the text of each SET as it was sent: one entry for each set of claims.</summary>
internal sealed class StatementStatisticsCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "pg_stat_statements does not collect claims";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => upstream.ExposesClaims;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination) =>
        examination.VersionNumber >= 180000 || await examination.SettingAsync("pg_stat_statements.track_utility") != "on" ? [] :
        [
            Finding.Warning(
                "pg_stat_statements.track_utility is on", "Every set of claims becomes an entry of its own, with its text, and pushes real statements out.",
                "ALTER SYSTEM SET pg_stat_statements.track_utility = off;", "SELECT pg_reload_conf();"),
        ];
}
