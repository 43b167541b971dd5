using System.Globalization;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Policies of access on demand that nobody could ask, or that would give what is not there.</summary>
internal static class AccessChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var access = configuration.Access;
        if (configuration.Issuers.Values.FirstOrDefault(issuer => issuer.Issuer == access.Issuer) is { } same)
            findings.Add($"[issuers.{same.Name}] has the same issuer: the proxy's own credentials could not be told apart", null, "access", "issuer");
        if (access.Policies.Count > 0 && !configuration.Http.IsOn)
            findings.Add("access is asked for over HTTP, which is off", "Set listen_port in [http].", "access");
        foreach (var policy in access.Policies) Check(configuration, policy, findings);
    }

    private static void Check(ProxyConfiguration configuration, AccessPolicySettings policy, Findings findings)
    {
        var number = policy.Number.ToString(CultureInfo.InvariantCulture);
        if (!configuration.Issuers.ContainsKey(policy.Issuer))
            findings.Add($"there is no [issuers.{policy.Issuer}]", Nearest(policy.Issuer, configuration.Issuers.Keys), "access", "policies", number, "issuer");
        foreach (var name in policy.Database)
        {
            if (!configuration.TryFindDatabase(name, out var database))
                findings.Add($"there is no [databases.{name}]", Nearest(name, configuration.Databases.Keys), "access", "policies", number, "database");
            else if (policy.Role.FirstOrDefault(role => !CanServe(configuration, database, role)) is { } missing)
                findings.Add($"role \"{missing}\" has no login in the database {name}", null, "access", "policies", number, "role");
        }
        if (policy.Database.Count == 0 && policy.Role.FirstOrDefault(role => !configuration.Databases.Values.Any(database => CanServe(configuration, database, role))) is { } nowhere)
            findings.Add($"role \"{nowhere}\" has no login in any database", null, "access", "policies", number, "role");
    }

    private static bool CanServe(ProxyConfiguration configuration, DatabaseSettings database, string role) =>
        configuration.IsolationOf(database) is not (IsolationLevel.Partitioned or IsolationLevel.Exclusive) || database.Logins.ContainsKey(role);

    private static string? Nearest(string name, IEnumerable<string> known) => NearestName.Find(name, known) is { } near ? $"The nearest known name is {near}." : null;
}
