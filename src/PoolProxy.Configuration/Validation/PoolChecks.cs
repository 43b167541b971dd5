using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Pools that can never reach their least size. It is no fault: the size is what counts then, as PgBouncer's manual has it.</summary>
internal static class PoolChecks
{
    private const string Hint = "The pool's size is what counts.";

    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var proxy = configuration.Proxy;
        if (IsAbove(proxy.MinPoolSize, proxy.DefaultPoolSize))
            findings.Note("min_pool_size is above default_pool_size", Hint, "proxy", "min_pool_size");
        foreach (var database in configuration.Databases.Values)
        {
            var least = database.MinPoolSize ?? proxy.MinPoolSize;
            var size = database.PoolSize ?? proxy.DefaultPoolSize;
            if ((database.MinPoolSize ?? database.PoolSize) is not null && IsAbove(least, size))
                findings.Note($"min_pool_size is {least}, above the pool's size of {size}", Hint, "databases", database.Name, database.MinPoolSize is null ? "pool_size" : "min_pool_size");
            foreach (var login in database.Logins.Values)
                if (login.PoolSize is { } share && IsAbove(least, share))
                    findings.Note($"min_pool_size is {least}, above the login's pool_size of {share}", Hint, "databases", database.Name, "logins", login.Role, "pool_size");
        }
    }

    // A size of 0 is unlimited.
    private static bool IsAbove(int least, int size) => size > 0 && least > size;
}
