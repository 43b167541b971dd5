using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Backend.Parameters;

namespace PoolProxy.Core.Frontend;

/// <summary>What a rule gives a session to begin with, in settings of PostgreSQL.</summary>
/// <param name="SearchPath"><c>search_path</c>; null leaves it.</param>
/// <param name="IsReadOnly"><c>default_transaction_read_only</c> is on.</param>
internal readonly record struct RuleGift(string? SearchPath, bool IsReadOnly)
{
    public static RuleGift Of(LoginResult proof) => new(proof.SearchPath, proof.Limits.IsReadOnly);

    /// <summary>What a session's parameters become that began with this gift and has <paramref name="next"/> from here on; what it loses is as on <paramref name="servers"/>.</summary>
    public ParameterSet Exchange(RuleGift next, ParameterSet parameters, ParameterSet servers, ParameterRegistry registry)
    {
        var lost = Settings.Select(setting => setting.Key).Except(next.Settings.Select(setting => setting.Key));
        foreach (var name in lost)
        {
            if (registry.Names.Find(name) is { } tracked)
            {
                parameters = registry.With(parameters, tracked, servers[tracked]);
            }
        }

        return StartupSettings.Track(parameters, next.Settings, registry);
    }

    /// <summary>Names and values; they stand above what the client asked for.</summary>
    public IEnumerable<KeyValuePair<string, string>> Settings
    {
        get
        {
            if (SearchPath is not null)
            {
                yield return new("search_path", SearchPath);
            }

            if (IsReadOnly)
            {
                yield return new("default_transaction_read_only", "on");
            }
        }
    }
}
