namespace PoolProxy.Core.Backend;

/// <summary>What a server has to pass behind its login (isolation.md §4), and the administrator's connect_query.</summary>
internal static class ServerChecks
{
    /// <exception cref="ServerLoginException">A setting that nobody declared was given to the login, or a query failed.</exception>
    public static async Task RunAsync(ServerDialogue dialogue, ServerTarget target)
    {
        if (target.DeclaredSettings is { } declared)
        {
            // A hostile client may have run ALTER ROLE … SET on the login it shares: its settings would be everybody's.
            var found = await dialogue.QueryAsync(
                "select name from pg_catalog.pg_settings where source in ('user', 'database user')");
            var undeclared = found.FindAll(name => !declared.Contains(name));
            if (undeclared.Count > 0)
            {
                var settings = string.Join(", ", undeclared);
                var repair = string.Join(" ", undeclared.ConvertAll(name => $"ALTER ROLE {Quote(target.User)} RESET {Quote(name)};"));
                throw new ServerLoginException(
                    $"settings were altered on login \"{target.User}\" that pool.toml does not declare: {settings}; declare them under settings, or repair with: {repair}")
                {
                    Tampered = (settings, repair),
                };
            }
        }

        if (!string.IsNullOrWhiteSpace(target.ConnectQuery))
        {
            await dialogue.QueryAsync(target.ConnectQuery);
        }
    }

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
