using System.Globalization;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Levels of isolation without the logins that carry them.</summary>
internal static class IsolationChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        foreach (var database in configuration.Databases.Values) CheckLevel(database, configuration.IsolationOf(database), findings);
        foreach (var rule in configuration.Rules) CheckRoles(rule, configuration, findings);
    }

    private static void CheckLevel(DatabaseSettings database, IsolationLevel level, Findings findings)
    {
        if (level == IsolationLevel.None && database.IdentityKey is not null)
            findings.Add("isolation none has no identity to sign: identity_key would not be used", "It needs partitioned, set_role or exclusive.", "databases", database.Name, "identity_key");
        if (HasLogins(level))
        {
            if (database.Logins.Count == 0)
                findings.Add($"isolation {Name(level)} needs a login for each role", $"Add [databases.{database.Name}.logins.ROLE].", "databases", database.Name);
            if (database.User is not null)
                findings.Add($"isolation {Name(level)} logs in by role: user would not be used", $"Set it in [databases.{database.Name}.logins.ROLE].", "databases", database.Name, "user");
            return;
        }
        if (database.Logins.Count > 0)
            findings.Add($"isolation {Name(level)} has no login by role: logins would not be used", "They belong to partitioned and exclusive.", "databases", database.Name, "logins");
        if (level == IsolationLevel.SetRole && database.User is null)
            findings.Add("isolation set_role needs the one login", "Set user in the database.", "databases", database.Name);
    }

    // A rule that promises a role which no login serves would let people in only to fail them at their first query.
    private static void CheckRoles(RuleSettings rule, ProxyConfiguration configuration, Findings findings)
    {
        var number = rule.Number.ToString(CultureInfo.InvariantCulture);
        foreach (var role in rule.Role)
        {
            IReadOnlyList<string> names = rule.Route is { } route ? [route] : rule.Database;
            foreach (var name in names)
                if (configuration.TryFindDatabase(name, out var database) && !Serves(configuration, database, role))
                    findings.Add($"role \"{role}\" has no login in the database {name}", $"Add [databases.{database.Name}.logins.{role}].", "rules", number, "role");
            if (names.Count == 0 && configuration.Databases.Count > 0 && !configuration.Databases.Values.Any(database => Serves(configuration, database, role)))
                findings.Add($"role \"{role}\" has no login in any database", $"Add [databases.NAME.logins.{role}].", "rules", number, "role");
        }
    }

    private static bool Serves(ProxyConfiguration configuration, DatabaseSettings database, string role) =>
        !HasLogins(configuration.IsolationOf(database)) || database.Logins.ContainsKey(role);

    private static bool HasLogins(IsolationLevel level) => level is IsolationLevel.Partitioned or IsolationLevel.Exclusive;

    private static string Name(IsolationLevel level) => level == IsolationLevel.SetRole ? "set_role" : level.ToString().ToLowerInvariant();
}
