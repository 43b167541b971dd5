namespace PoolProxy.Core.Doctor.Checks;

/// <summary>A server that logs every statement logs claims.</summary>
internal sealed class StatementLogCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the server's log does not collect claims";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => upstream.ExposesClaims;

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        const string Why = "The server's log holds the claims of everybody who is served: whoever reads it learns them.";
        var findings = new List<Finding>();
        if (await examination.SettingAsync("log_statement") == "all")
        {
            findings.Add(Finding.Warning("log_statement is all", Why, "ALTER SYSTEM SET log_statement = 'ddl';", "SELECT pg_reload_conf();"));
        }

        if (await examination.SettingAsync("log_min_duration_statement") == "0")
        {
            findings.Add(Finding.Warning("log_min_duration_statement is 0", Why, "ALTER SYSTEM SET log_min_duration_statement = -1;", "SELECT pg_reload_conf();"));
        }

        return findings;
    }
}
