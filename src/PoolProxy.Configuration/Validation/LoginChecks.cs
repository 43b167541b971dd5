using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>
/// One login must not serve two roles of a server: it would be a member of both, and a client of one could take the other by SET ROLE
/// (isolation.md §1). Logins belong to the whole server, so databases that share a host and port are looked at together.
/// </summary>
internal static class LoginChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var served = new Dictionary<(ServerAddress Server, string User), (string Role, string Database)>();
        foreach (var database in configuration.Databases.Values)
            foreach (var login in database.Logins.Values)
            {
                if (database.Servers.Select(server => Take(served, (server, login.User), (login.Role, database.Name))).FirstOrDefault(found => found is not null) is not { } first) continue;
                findings.Add(
                    $"the login \"{login.User}\" serves the role \"{first.Role}\" already, in [databases.{first.Database}]",
                    "Give each role a login of its own: a login of two roles parts nothing.", "databases", database.Name, "logins", login.Role, "user");
            }
    }

    // Who serves another role of that server by this login already; null where nobody does.
    private static (string Role, string Database)? Take(
        Dictionary<(ServerAddress Server, string User), (string Role, string Database)> served, (ServerAddress, string) key, (string Role, string Database) use) =>
        served.TryAdd(key, use) || served[key].Role == use.Role ? null : served[key];
}
