using System.Collections.Frozen;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Chatter;

/// <summary>
/// The settings of a session that drivers set and show without being asked to. SHOW has a value for each; SET is accepted and changes
/// nothing (but application_name), as in PgBouncer.
/// </summary>
internal static class ClientSettings
{
    private static readonly FrozenDictionary<string, string> Values = new Dictionary<string, string>
    {
        ["application_name"] = "",
        ["bytea_output"] = "hex",
        ["client_encoding"] = "UTF8",
        ["client_min_messages"] = "notice",
        ["datestyle"] = "ISO",
        ["default_transaction_isolation"] = "read committed",
        ["default_transaction_read_only"] = "off",
        ["extra_float_digits"] = "1",
        ["idle_in_transaction_session_timeout"] = "0",
        ["integer_datetimes"] = "on",
        ["intervalstyle"] = "postgres",
        ["is_superuser"] = "off",
        ["lock_timeout"] = "0",
        ["max_identifier_length"] = "63",
        ["row_security"] = "on",
        ["search_path"] = "pg_catalog",
        ["server_encoding"] = "UTF8",
        ["server_version"] = ConsoleView.Version[(ConsoleView.Version.LastIndexOf(' ') + 1)..] + "/poolproxy",
        ["standard_conforming_strings"] = "on",
        ["statement_timeout"] = "0",
        ["synchronize_seqscans"] = "on",
        ["timezone"] = "GMT",
        ["transaction_isolation"] = "read committed",
        ["transaction_read_only"] = "off",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>What SHOW answers; null where there is no such setting.</summary>
    public static string? Find(string name) => Values.GetValueOrDefault(name);

    /// <summary>Why SET is refused: an unknown setting, or an encoding the console does not speak; else null.</summary>
    public static ProxyError? RefuseSet(string name, string value)
    {
        if (name.Equals("client_encoding", StringComparison.OrdinalIgnoreCase))
        {
            return value.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal) is "UTF8" or "UNICODE" or "SQL_ASCII" or "DEFAULT"
                ? null
                : ConsoleErrors.InvalidSettingValue(name, value, "The console speaks UTF8 only.");
        }

        return Values.ContainsKey(name) ? null : ConsoleErrors.UnknownSetting(name);
    }
}
