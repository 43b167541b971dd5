using System.Globalization;
using System.Text;

namespace PoolProxy.Identity.Rules;

/// <summary>What an identity may do at most: what its rule says, and its token. Null is no limit. Immutable.</summary>
public sealed record RuleLimits
{
    /// <summary>The longest of each time.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(365);

    /// <summary>The most of each count.</summary>
    public const int MaxCount = 1_000_000;

    /// <summary>No limit at all.</summary>
    public static RuleLimits None { get; } = new();

    /// <summary><c>read_only</c>.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary><c>query_timeout</c>: one query.</summary>
    public TimeSpan? QueryTimeout { get; init; }

    /// <summary><c>transaction_timeout</c>: one transaction.</summary>
    public TimeSpan? TransactionTimeout { get; init; }

    /// <summary><c>idle_transaction_timeout</c>: silence inside of a transaction.</summary>
    public TimeSpan? IdleTransactionTimeout { get; init; }

    /// <summary><c>client_idle_timeout</c>: silence outside of one.</summary>
    public TimeSpan? ClientIdleTimeout { get; init; }

    /// <summary><c>session_length</c>: from the login to the session's end.</summary>
    public TimeSpan? SessionLength { get; init; }

    /// <summary><c>max_connections</c>: clients of the person at a time, over all databases and loops.</summary>
    public int? MaxConnections { get; init; }

    /// <summary><c>max_servers</c>: servers of one pool that the person's clients hold at a time.</summary>
    public int? MaxServers { get; init; }

    /// <summary>Of each limit the stricter of the two.</summary>
    public RuleLimits Stricter(RuleLimits other) => new()
    {
        IsReadOnly = IsReadOnly || other.IsReadOnly,
        QueryTimeout = Least(QueryTimeout, other.QueryTimeout),
        TransactionTimeout = Least(TransactionTimeout, other.TransactionTimeout),
        IdleTransactionTimeout = Least(IdleTransactionTimeout, other.IdleTransactionTimeout),
        ClientIdleTimeout = Least(ClientIdleTimeout, other.ClientIdleTimeout),
        SessionLength = Least(SessionLength, other.SessionLength),
        MaxConnections = Least(MaxConnections, other.MaxConnections),
        MaxServers = Least(MaxServers, other.MaxServers),
    };

    /// <summary>As pool.toml would write them, times in seconds: equal for equal limits, empty for none.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, "read_only", IsReadOnly ? "true" : null);
        Append(text, "query_timeout", Spell(QueryTimeout));
        Append(text, "transaction_timeout", Spell(TransactionTimeout));
        Append(text, "idle_transaction_timeout", Spell(IdleTransactionTimeout));
        Append(text, "client_idle_timeout", Spell(ClientIdleTimeout));
        Append(text, "session_length", Spell(SessionLength));
        Append(text, "max_connections", MaxConnections?.ToString(CultureInfo.InvariantCulture));
        Append(text, "max_servers", MaxServers?.ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (value is not null)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(name).Append(" = ").Append(value);
        }
    }

    private static string? Spell(TimeSpan? time) => time?.TotalSeconds.ToString("0.#######", CultureInfo.InvariantCulture);

    private static T? Least<T>(T? one, T? other)
        where T : struct, IComparable<T> =>
        one is not { } a ? other : other is not { } b ? one : a.CompareTo(b) <= 0 ? a : b;
}
