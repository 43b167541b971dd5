using System.Globalization;
using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Rules that name what is not there, or give nothing.</summary>
internal static class RuleChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        foreach (var rule in configuration.Rules)
        {
            var number = rule.Number.ToString(CultureInfo.InvariantCulture);
            if (!configuration.Issuers.ContainsKey(rule.Issuer))
                findings.Add($"there is no [issuers.{rule.Issuer}]", Nearest(rule.Issuer, configuration.Issuers.Keys), "rules", number, "issuer");
            if (rule.Role.Count == 0 && rule.Console == ConsoleAccess.None)
                findings.Add("the rule gives neither a role nor the console", "Set role.", "rules", number);
            if (rule.Country.Count > 0 && configuration.Proxy.GeoipFile.Length == 0)
                findings.Add("country needs a file to look addresses up in", "Set geoip_file.", "rules", number, "country");
            if (rule.Route is { } route && !configuration.TryFindDatabase(route, out _))
                findings.Add($"there is no [databases.{route}]", Nearest(route, configuration.Databases.Keys), "rules", number, "route");

            // With a route the name is the client's wish only.
            foreach (var name in rule.Route is null ? rule.Database.Where(name => !configuration.TryFindDatabase(name, out _)) : [])
                findings.Add($"there is no [databases.{name}]", Nearest(name, configuration.Databases.Keys), "rules", number, "database");
        }
    }

    private static string? Nearest(string name, IEnumerable<string> known) => NearestName.Find(name, known) is { } near ? $"The nearest known name is {near}." : null;
}
