using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>Pools that could never reach their least size.</summary>
internal static class PoolChecks
{
    public static void Check(ProxyConfiguration configuration, Findings findings)
    {
        var proxy = configuration.Proxy;
        if (IsAbove(proxy.MinPoolSize, proxy.DefaultPoolSize))
            findings.Add("min_pool_size is above default_pool_size", null, "proxy", "min_pool_size");
        foreach (var database in configuration.Databases.Values)
        {
            var least = database.MinPoolSize ?? proxy.MinPoolSize;
            var size = database.PoolSize ?? proxy.DefaultPoolSize;
            if ((database.MinPoolSize ?? database.PoolSize) is not null && IsAbove(least, size))
                findings.Add($"min_pool_size is {least}, above the pool's size of {size}", null, "databases", database.Name, database.MinPoolSize is null ? "pool_size" : "min_pool_size");
            foreach (var login in database.Logins.Values)
                if (login.PoolSize is { } share && IsAbove(least, share))
                    findings.Add($"min_pool_size is {least}, above the login's pool_size of {share}", null, "databases", database.Name, "logins", login.Role, "pool_size");
        }
    }

    // A size of 0 is unlimited.
    private static bool IsAbove(int least, int size) => size > 0 && least > size;
}
