using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// What a server's startup packet pins (isolation.md §4): values given there survive RESET and DISCARD ALL and beat ALTER ROLE … SET, so
/// a hostile client's own changes to its login never take hold.
/// </summary>
internal static class IsolationPins
{
    private static readonly KeyValuePair<string, string>[] Pins =
    [
        new("client_encoding", "UTF8"),
        new("standard_conforming_strings", "on"),
        new("row_security", "on"),
        new("search_path", "\"$user\", public"),
        new("client_min_messages", "notice"),
        new("local_preload_libraries", ""),
        new("exit_on_error", "off"),
    ];

    /// <summary>The startup parameters of a login, pins first, so that what pool.toml declares for it wins; the role last.</summary>
    public static List<KeyValuePair<string, string>> For(IsolationLevel level, string? role, params IReadOnlyDictionary<string, string>[] settings)
    {
        var merged = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["application_name"] = "poolproxy" };
        if (level != IsolationLevel.None)
        {
            foreach (var (name, value) in Pins)
            {
                merged[name] = value;
            }
        }

        foreach (var declared in settings)
        {
            foreach (var (name, value) in declared)
            {
                merged[name] = value;
            }
        }

        // One login for one role: RESET ROLE, DISCARD ALL and the like come back to it. The bare name, not inside options.
        if (role is not null && level is IsolationLevel.Partitioned or IsolationLevel.Exclusive)
        {
            merged["role"] = role!;
        }

        return [.. merged];
    }
}
