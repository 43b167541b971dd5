using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary>
/// Limits that come in a token: a claim that is an object with the names that rules have (<c>{"query_timeout": 30, "read_only": true}</c>), times in seconds.
/// Whatever cannot be read refuses the login: an issuer that limits somebody must not be ignored.
/// </summary>
public static class ClaimedLimits
{
    /// <summary>Reads the claim at <paramref name="path"/>; a token without it has no limits of its own.</summary>
    /// <returns>False for anything but an object of known names with values within bounds.</returns>
    public static bool TryRead(ClaimSet claims, ClaimPath path, [NotNullWhen(true)] out RuleLimits? limits)
    {
        limits = RuleLimits.None;
        if (!claims.TryFind(path, out JsonElement value))
        {
            return true;
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in value.EnumerateObject())
            {
                limits = limits is null ? null : With(limits, property.Name, property.Value);
            }
        }
        else
        {
            limits = null;
        }

        return limits is not null;
    }

    private static RuleLimits? With(RuleLimits limits, string name, JsonElement value) => name switch
    {
        "read_only" => value.ValueKind switch
        {
            JsonValueKind.True => limits with { IsReadOnly = true },
            JsonValueKind.False => limits,
            _ => null,
        },
        "max_connections" => Count(value) is { } count ? limits with { MaxConnections = count } : null,
        "max_servers" => Count(value) is { } count ? limits with { MaxServers = count } : null,
        "query_timeout" => Time(value) is { } time ? limits with { QueryTimeout = time } : null,
        "transaction_timeout" => Time(value) is { } time ? limits with { TransactionTimeout = time } : null,
        "idle_transaction_timeout" => Time(value) is { } time ? limits with { IdleTransactionTimeout = time } : null,
        "client_idle_timeout" => Time(value) is { } time ? limits with { ClientIdleTimeout = time } : null,
        "session_length" => Time(value) is { } time ? limits with { SessionLength = time } : null,
        _ => null,
    };

    private static int? Count(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count is >= 1 and <= RuleLimits.MaxCount ? count : null;

    // Zero is no limit elsewhere, and "none at all" by reading: who means either does not say so.
    private static TimeSpan? Time(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && seconds >= 0.001 && seconds <= RuleLimits.MaxTime.TotalSeconds
            ? TimeSpan.FromSeconds(seconds) : null;
}
