using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>
/// Users that are to be looked up by nobody, in a database that there is not, or by a method that would not ask. PgBouncer takes a key that nothing looks at, and of a pgbouncer.ini the reader passes it
/// over with a note. In a pool.toml it is a fault, as auth_hba_file is without auth_type hba: it says who gets in, and who wrote it believes that it does.
/// </summary>
internal static class LookupChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var proxy = configuration.Proxy;
        var isUsed = proxy.AuthUser.Length > 0 || configuration.Databases.Values.Any(database => database.AuthUser is not null);
        if (!isUsed)
        {
            if (proxy.AuthQuery != ProxySettings.DefaultAuthQuery) CheckAsker("auth_query", findings, "proxy", "auth_query");
            if (proxy.AuthDbname.Length > 0) CheckAsker("auth_dbname", findings, "proxy", "auth_dbname");
        }
        else CheckMethod(configuration, findings);
        CheckDatabase(proxy.AuthDbname, configuration, findings, "proxy", "auth_dbname");
        foreach (var database in configuration.Databases.Values)
        {
            CheckDatabase(database.AuthDbname ?? "", configuration, findings, "databases", database.Name, "auth_dbname");
            if (proxy.AuthUser.Length > 0 || database.AuthUser is not null) continue;
            if (database.AuthQuery is not null) CheckAsker("auth_query", findings, "databases", database.Name, "auth_query");
            if (database.AuthDbname is not null) CheckAsker("auth_dbname", findings, "databases", database.Name, "auth_dbname");
        }
    }

    private static void CheckAsker(string key, Findings findings, params ReadOnlySpan<string> path) =>
        findings.Add($"{key} needs the user that asks", "Set auth_user.", path);

    private static void CheckDatabase(string name, ProxyConfiguration configuration, Findings findings, params ReadOnlySpan<string> path)
    {
        if (name.Length > 0 && !configuration.TryFindDatabase(name, out _)) findings.Add($"there is no [databases.{name}]", null, path);
    }

    // A key that looks as if it let users in, and is never looked at, would be a trap.
    private static void CheckMethod(ProxyConfiguration configuration, Findings findings)
    {
        var proxy = configuration.Proxy;
        if (proxy.AuthType is not (AuthType.Jwt or AuthType.Oauth or AuthType.Any)) return;
        var message = $"auth_type {proxy.AuthType.ToString().ToLowerInvariant()} looks up no users";
        if (proxy.AuthUser.Length > 0) findings.Add(message, null, "proxy", "auth_user");
        foreach (var database in configuration.Databases.Values.Where(database => database.AuthUser is not null))
            findings.Add(message, null, "databases", database.Name, "auth_user");
    }
}
