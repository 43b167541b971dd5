namespace PoolProxy.Configuration.Catalogue;

/// <summary>Which of PostgreSQL's settings a file may name.</summary>
public static class ServerSettingNames
{
    // What the proxy itself says on a server connection (isolation.md §3 and §4): a file that set them would undo it.
    private static readonly string[] Own =
    [
        "role", "session_authorization", "is_superuser", "exit_on_error", "client_encoding", "standard_conforming_strings", "row_security",
        "local_preload_libraries", "session_preload_libraries", "options", "user", "database", "replication",
    ];

    // What a server reports but no client may carry to another server (isolation.md §4).
    private static readonly string[] NotTracked =
    [
        "role", "session_authorization", "is_superuser", "exit_on_error", "row_security", "in_hot_standby", "integer_datetimes", "scram_iterations",
        "server_version", "server_encoding",
    ];

    /// <summary>Whether it can be the name of a setting: an identifier, or identifiers with dots for an extension's.</summary>
    public static bool IsWellFormed(string name) =>
        name.Length is > 0 and <= 255 && name.Split('.').All(part => part.Length > 0 && !char.IsAsciiDigit(part[0]) && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$'));

    /// <summary>Whether <c>settings</c> may not hold it, at any level.</summary>
    public static bool IsOurs(string name) => IsOneOf(Own, name) || IsIdentity(name);

    /// <summary>Whether <c>track_extra_parameters</c> may not hold it.</summary>
    public static bool IsNeverTracked(string name) => IsOneOf(NotTracked, name) || IsIdentity(name);

    private static bool IsIdentity(string name) =>
        name.StartsWith("request.", StringComparison.OrdinalIgnoreCase) || name.StartsWith("poolproxy.", StringComparison.OrdinalIgnoreCase);

    private static bool IsOneOf(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
