namespace PoolProxy.Core.Backend;

/// <summary>One thing by which a login could undo isolation.</summary>
/// <param name="Role">Who has it: the login itself, or a role that it can become.</param>
/// <param name="IsLogin">It is the login itself.</param>
/// <param name="Power">An attribute as ALTER ROLE spells it, or a predefined role that <paramref name="Role"/> is a member of.</param>
internal sealed record LoginDanger(string Role, bool IsLogin, string Power)
{
    private bool IsMembership => Power.StartsWith("pg_", StringComparison.Ordinal);

    /// <summary>The statement that ends it, for a superuser.</summary>
    public string Repair => IsMembership
        ? $"REVOKE {SqlText.Name(Power)} FROM {SqlText.Name(Role)};"
        : $"ALTER ROLE {SqlText.Name(Role)} NO{Power};";

    /// <summary>For the log: <c>SUPERUSER</c>, <c>member of pg_write_server_files</c>, <c>role "dba" is SUPERUSER</c>.</summary>
    public override string ToString() => (IsLogin ? "" : $"role \"{Role}\" is ") + (IsMembership ? $"member of {Power}" : Power);
}
