using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Admin.Show;

/// <summary>pool_mode and load_balance_hosts as the file spells them.</summary>
internal static class ModeNames
{
    public static string Of(PoolMode mode) => mode switch
    {
        PoolMode.Session => "session",
        PoolMode.Transaction => "transaction",
        _ => "statement",
    };

    /// <summary>Null where it is not set.</summary>
    public static string? Of(PoolMode? mode) => mode is { } set ? Of(set) : null;

    /// <summary>Null where there is one host, as in PgBouncer.</summary>
    public static string? Balance(int hosts, LoadBalanceHosts balance) =>
        hosts < 2 ? null : balance == LoadBalanceHosts.RoundRobin ? "round-robin" : "disable";
}
