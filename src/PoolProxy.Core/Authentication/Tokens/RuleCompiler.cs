using PoolProxy.Configuration.Model;
using PoolProxy.Identity.Countries;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>What a rule asks beside claims, and what it limits, in the terms of PoolProxy.Identity.</summary>
internal static class RuleCompiler
{
    /// <summary>The conditions, the cheapest first; what cannot be used is added to <paramref name="faults"/>.</summary>
    public static IReadOnlyList<CircumstanceCondition> CircumstancesOf(RuleSettings settings, CountryDatabase? countries, List<string> faults)
    {
        List<CircumstanceCondition> conditions = [];
        if (settings.MaxAuthAge is { } age)
        {
            conditions.Add(new AuthenticationAgeCondition(age));
        }

        if (settings.From.Count > 0)
        {
            Add(settings, conditions, faults, () => new AddressCondition(settings.From));
        }

        if (settings.Hours.Count > 0)
        {
            Add(settings, conditions, faults, () => new HoursCondition(settings.Hours, ZoneOf(settings)));
        }
        else if (settings.TimeZone is not null)
        {
            faults.Add($"Rule {settings.Number}: time_zone says nothing without hours.");
        }

        if (settings.Country.Count > 0 && countries is not null)
        {
            Add(settings, conditions, faults, () => new CountryCondition(settings.Country, countries));
        }

        return conditions;
    }

    /// <summary>What <c>geoip_file</c> holds, where a rule asks for it; null where none does, or where it cannot be read, which is added to <paramref name="faults"/>.</summary>
    public static CountryDatabase? CountriesOf(ProxyConfiguration configuration, List<string> faults)
    {
        var file = configuration.Proxy.GeoipFile;
        if (configuration.Rules.All(rule => rule.Country.Count == 0))
        {
            return null;
        }

        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > CountryDatabase.MaxBytes })
            {
                faults.Add($"geoip_file: {file}: it is larger than {CountryDatabase.MaxBytes / 1024 / 1024} MiB.");
            }
            else if (CountryDatabase.TryRead(File.ReadAllBytes(file), out var database, out var fault))
            {
                return database;
            }
            else
            {
                faults.Add($"geoip_file: {file}: {fault}.");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Add($"geoip_file: {failure.Message}");
        }

        return null;
    }

    /// <summary>The limits of the rule itself.</summary>
    public static RuleLimits LimitsOf(RuleSettings settings) => new()
    {
        IsReadOnly = settings.ReadOnly,
        QueryTimeout = settings.QueryTimeout,
        TransactionTimeout = settings.TransactionTimeout,
        IdleTransactionTimeout = settings.IdleTransactionTimeout,
        ClientIdleTimeout = settings.ClientIdleTimeout,
        SessionLength = settings.SessionLength,
        MaxConnections = settings.MaxConnections,
        MaxServers = settings.MaxServers,
    };

    private static void Add(RuleSettings settings, List<CircumstanceCondition> conditions, List<string> faults, Func<CircumstanceCondition> make)
    {
        try
        {
            conditions.Add(make());
        }
        catch (Exception exception) when (exception is ArgumentException or TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            faults.Add($"Rule {settings.Number}: {exception.Message.TrimEnd('.')}.");
        }
    }

    private static TimeZoneInfo ZoneOf(RuleSettings settings) => settings.TimeZone is { } name ? TimeZoneInfo.FindSystemTimeZoneById(name) : TimeZoneInfo.Utc;
}
