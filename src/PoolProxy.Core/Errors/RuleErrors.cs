using PoolProxy.Protocol.Errors;
using static PoolProxy.Core.Errors.ErrorText;

namespace PoolProxy.Core.Errors;

/// <summary>What a client is told when the limits of its rule, or of its token, strike.</summary>
/// <remarks>Texts and codes are chosen as in <see cref="ProxyErrors"/>.</remarks>
internal static class RuleErrors
{
    /// <summary>53300. The person has as many clients as its rule or token allows.</summary>
    public static ProxyError TooManyConnections { get; } =
        Fatal(SqlState.TooManyConnections, "client connections exceeded (max_connections)", detail: "The limit is the identity's, over all databases.");

    /// <summary>53300. All servers that the person may hold were in use for as long as it may wait.</summary>
    public static ProxyError ShareTimeout { get; } =
        Fatal(
            SqlState.TooManyConnections,
            "query_wait_timeout",
            detail: "None of the servers that the identity may hold at a time became free in time.",
            hint: "max_servers of the rule or the token bounds them; query_wait_timeout bounds the wait.");

    /// <summary>28000. The token brings limits that cannot be read.</summary>
    public static ProxyError LimitsMalformed { get; } =
        Fatal(
            SqlState.InvalidAuthorizationSpecification,
            "the limits in the token cannot be read",
            hint: "limits_claim of the issuer names the claim: an object with the names that rules have, and numbers above zero.");

    /// <summary>57P01. <c>session_length</c> is over.</summary>
    public static ProxyError SessionOver { get; } =
        Fatal(SqlState.AdminShutdown, "the session has lasted as long as it may", hint: "Connect again; session_length of the rule or the token bounds it.");

    /// <summary>57P01. The rule's <c>hours</c> are over.</summary>
    public static ProxyError HoursOver { get; } =
        Fatal(SqlState.AdminShutdown, "the hours of access are over", hint: "The hours of the rule say when to connect again.");

    /// <summary>57P01. After a RELOAD the rules come to something else for the identity.</summary>
    public static ProxyError RulesChanged { get; } =
        Fatal(SqlState.AdminShutdown, "the rules for this identity have changed", hint: "Connect again.");

    /// <summary>25006. A visible way out of <c>read_only</c>.</summary>
    public static ProxyError ReadOnly { get; } =
        Error(SqlState.ReadOnlySqlTransaction, "the identity may only read", hint: "read_only comes from the rule or the token, and cannot be changed.");
}
