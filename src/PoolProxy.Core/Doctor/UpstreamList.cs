using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Doctor;

/// <summary>Every login to a server that a configuration can use, as far as it can be known beforehand.</summary>
internal static class UpstreamList
{
    /// <summary>A file may know thousands of users; more of one database are not looked at, and a note says so.</summary>
    public const int MaxUsers = 50;

    /// <summary>The upstreams in the file's order; what cannot be known beforehand becomes a note.</summary>
    public static IReadOnlyList<Upstream> Of(RoutePlan plan, UserDirectory users, ICollection<Finding> notes)
    {
        var configuration = plan.Configuration;
        var found = new List<Upstream>();
        foreach (var database in configuration.Databases.Values)
        {
            foreach (var name in NamesOf(database, configuration, notes))
            {
                found.AddRange(Logins(plan, users, database, name, notes));
            }
        }

        found.AddRange(LookupUpstreams.Of(plan, notes));
        var roles = found.ToLookup(upstream => (upstream.Server, upstream.Login), upstream => upstream.Roles);
        return found.ConvertAll(upstream => upstream with { RolesOfLogin = roles[(upstream.Server, upstream.Login)].SelectMany(names => names).ToHashSet() });
    }

    private static IEnumerable<string> NamesOf(DatabaseSettings database, ProxyConfiguration configuration, ICollection<Finding> notes)
    {
        if (!database.IsFallback || database.Dbname is not null)
        {
            return [database.Name];
        }

        notes.Add(Finding.Note(
            "[databases.\"*\"] takes the database's name from the client: only databases that rules name were looked at",
            "Which others there are is known to clients only."));
        return configuration.Rules.SelectMany(rule => rule.Route is { } route ? [route] : rule.Database).Where(name => !configuration.Databases.ContainsKey(name)).Distinct();
    }

    private static IEnumerable<Upstream> Logins(RoutePlan plan, UserDirectory users, DatabaseSettings database, string name, ICollection<Finding> notes)
    {
        switch (plan.LevelOf(database))
        {
            case IsolationLevel.Partitioned or IsolationLevel.Exclusive:
                return database.Logins.Values.SelectMany(login => Make(plan, database, name, login, [login.Role]));
            case IsolationLevel.SetRole:
                var roles = RolesOf(plan.Configuration, users, name);
                return plan.Login(database, "") is { } all ? Make(plan, database, name, all, roles) : [];
            default:
                if (database.User is not null)
                {
                    return Make(plan, database, name, plan.Login(database, database.User)!, []);
                }

                var known = RolesOf(plan.Configuration, users, name);
                if (known.Count > MaxUsers)
                {
                    notes.Add(Finding.Note($"database \"{name}\": {MaxUsers} of {known.Count} users were looked at", "Each logs in to the server under its own name."));
                }

                return known.Take(MaxUsers)
                    .SelectMany(user => Make(plan, database, name, plan.Login(database, user)!, []))
                    .Select(upstream => upstream with { IsOneUserOfMany = true });
        }
    }

    /// <summary>What a client may become: the roles of the rules, or, with PgBouncer's methods, the users.</summary>
    private static List<string> RolesOf(ProxyConfiguration configuration, UserDirectory users, string database) => configuration.Proxy.AuthType switch
    {
        AuthType.Jwt or AuthType.Oauth => [.. RolesOfRules(configuration, database)],
        AuthType.Hba => [.. RolesOfRules(configuration, database).Concat(users.Names.Order(StringComparer.Ordinal)).Distinct()],
        _ => [.. users.Names.Order(StringComparer.Ordinal)],
    };

    private static IEnumerable<string> RolesOfRules(ProxyConfiguration configuration, string database) =>
        configuration.Rules.Where(rule => rule.Route is { } route ? route == database : rule.Database.Count == 0 || rule.Database.Contains(database)).SelectMany(rule => rule.Role).Distinct();

    /// <summary>The login on each host.</summary>
    private static IEnumerable<Upstream> Make(RoutePlan plan, DatabaseSettings database, string name, LoginSettings login, IReadOnlyList<string> roles)
    {
        var configuration = plan.Configuration;
        var pool = plan.Pool(database, login, name);
        return pool.Targets.Select(target => new Upstream
        {
            Level = pool.Isolation,
            Target = target,
            Roles = roles,
            AllowsUnsafeLogin = configuration.AllowsUnsafeLogin(database),
            ExposesClaims = pool.Isolation != IsolationLevel.None && configuration.Issuers.Values.Any(issuer => issuer.ExposeClaims.Count > 0),
            Signer = RoutePlan.SignerOf(database),
            HasCertificate = !database.IsUnixSocket && database.ServerTls(configuration.Proxy).CertFile.Length > 0,
        });
    }
}
