using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Protocol.Sql;
using System.Text;

namespace PoolProxy.Core.Relay;

/// <summary>Which settings may be a client's own from server to server.</summary>
internal static class SessionSettings
{
    /// <summary>They last no longer than a transaction, or cannot be reset (GUC_NO_RESET in guc_tables.c).</summary>
    private static readonly HashSet<string> NoneOfSessions = new(StringComparer.OrdinalIgnoreCase)
    {
        "seed", "transaction_isolation", "transaction_read_only", "transaction_deferrable",
    };

    /// <summary>False for what says who the client is, what the proxy sets itself, and what no session keeps.</summary>
    public static bool MayFollow(string setting)
    {
        var utf8 = Encoding.UTF8.GetBytes(setting);
        return utf8.Length <= 63 && !NoneOfSessions.Contains(setting) && !ParameterNames.IsReportedOnly(utf8) && !SessionSteps.IsProxySetting(utf8);
    }
}
