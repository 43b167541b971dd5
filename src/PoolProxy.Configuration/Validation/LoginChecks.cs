using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>
/// One login must not serve two roles of a server: it would be a member of both, and a client of one could take the other by SET ROLE
/// (isolation.md §1). Logins belong to the whole server, so databases on the same host and port are looked at together.
/// </summary>
internal static class LoginChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var served = new Dictionary<(string Host, int Port, string User), (string Role, string Database)>();
        foreach (var database in configuration.Databases.Values)
            foreach (var login in database.Logins.Values)
            {
                var key = (database.Host, database.Port, login.User);
                if (served.TryAdd(key, (login.Role, database.Name)) || served[key].Role == login.Role) continue;
                var first = served[key];
                findings.Add(
                    $"the login \"{login.User}\" serves the role \"{first.Role}\" already, in [databases.{first.Database}]",
                    "Give each role a login of its own: a login of two roles parts nothing.", "databases", database.Name, "logins", login.Role, "user");
            }
    }
}
