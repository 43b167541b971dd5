using PoolProxy.Configuration.Model;
using PoolProxy.Identity.Countries;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>What a rule asks beside claims, and what it limits, in the terms of PoolProxy.Identity.</summary>
internal static class RuleCompiler
{
    /// <summary>The conditions, the cheapest first; what cannot be used is added to <paramref name="faults"/>, all of it.</summary>
    public static IReadOnlyList<CircumstanceCondition> CircumstancesOf(RuleSettings settings, CountryDatabase? countries, List<PolicyFault> faults)
    {
        List<CircumstanceCondition> conditions = [];
        if (settings.MaxAuthAge is { } age)
        {
            conditions.Add(new AuthenticationAgeCondition(age));
        }

        if (AreGood(settings, settings.From, text => text == AddressCondition.Unix || AddressRange.TryParse(text, out _), "is no address range", "from", faults))
        {
            conditions.Add(new AddressCondition(settings.From));
        }

        var zone = ZoneOf(settings, faults);
        if (AreGood(settings, settings.Hours, text => WeeklyHours.TryParse(text, out _), "is not of the form Mon-Fri 08:00-18:00", "hours", faults) && zone is not null)
        {
            conditions.Add(new HoursCondition(settings.Hours, zone));
        }

        if (AreGood(settings, settings.Country, text => CountryCode.TryParse(text, out _), "is no country code", "country", faults) && countries is not null)
        {
            conditions.Add(new CountryCondition(settings.Country, countries));
        }

        return conditions;
    }

    /// <summary>What <c>geoip_file</c> holds, where a rule asks for it; null where none does, or where it cannot be read, which is added to <paramref name="faults"/>.</summary>
    public static CountryDatabase? CountriesOf(ProxyConfiguration configuration, List<PolicyFault> faults)
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
                faults.Add(new($"geoip_file: {file} is larger than {CountryDatabase.MaxBytes / 1024 / 1024} MiB", "proxy", "geoip_file"));
            }
            else if (CountryDatabase.TryRead(File.ReadAllBytes(file), out var database, out var fault))
            {
                return database;
            }
            else
            {
                faults.Add(new($"geoip_file: {file}: {fault}", "proxy", "geoip_file"));
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            faults.Add(new($"geoip_file: {failure.Message.TrimEnd('.')}", "proxy", "geoip_file"));
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

    /// <summary>Whether there are texts, and each can be used; each that cannot is a fault of its own.</summary>
    private static bool AreGood(RuleSettings settings, IReadOnlyList<string> texts, Func<string, bool> isGood, string fault, string key, List<PolicyFault> faults)
    {
        var bad = texts.Where(text => !isGood(text)).ToList();
        faults.AddRange(bad.Select(text => PolicyFault.OfRule(settings, $"\"{text}\" {fault}", key)));
        return texts.Count > 0 && bad.Count == 0;
    }

    private static TimeZoneInfo? ZoneOf(RuleSettings settings, List<PolicyFault> faults)
    {
        if (settings.TimeZone is not { } name)
        {
            return TimeZoneInfo.Utc;
        }

        if (settings.Hours.Count == 0)
        {
            faults.Add(PolicyFault.OfRule(settings, "time_zone says nothing without hours", "time_zone"));
        }

        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception exception) when (exception is TimeZoneNotFoundException or InvalidTimeZoneException)
        {
            faults.Add(PolicyFault.OfRule(settings, $"\"{name}\" is no time zone that this system knows", "time_zone"));
            return null;
        }
    }
}
