using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Admin.Show;

/// <summary>pool_mode as the file spells it.</summary>
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
}
