using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Frontend;

/// <summary>Whom a configuration asks about users that no file knows, and the pools for that. Read once a login.</summary>
/// <param name="plan">The plan in force.</param>
/// <param name="users">The user who asks is one of these, if a password is needed for that.</param>
internal sealed class LookupPlan(RoutePlan plan, Func<string, Secret?> users)
{
    /// <summary>The most databases of the fallback that are asked without having let anybody in.</summary>
    public const int MaxUnproven = 100;

    /// <summary>
    /// What a pooler's own connection is told at its login, whatever its role or database has been given by ALTER. For the default auth_query names are the catalogue's and nobody
    /// else's. For another the catalogue comes first, then what an unqualified function, as PgBouncer's users write it, has meant all along; a temporary table's name never counts.
    /// What clients ask for at their startup is never among it (CVE-2025-12819).
    /// </summary>
    private KeyValuePair<string, string>[] Startup =>
        [
            new("client_encoding", "UTF8"),
            new("search_path", AsksByDefaultOnly ? "pg_catalog, pg_temp" : "pg_catalog, \"$user\", public, pg_temp"),
            new("application_name", "poolproxy auth_query"),
        ];

    private ProxySettings Proxy => plan.Configuration.Proxy;

    /// <summary>The user who asks about clients of this database (null is the console's); empty for nobody.</summary>
    public string UserFor(DatabaseSettings? database) => database?.AuthUser ?? Proxy.AuthUser;

    /// <summary>auth_query for clients of this database.</summary>
    public string QueryFor(DatabaseSettings? database) => database?.AuthQuery ?? Proxy.AuthQuery;

    /// <summary>The name of the database that is asked, where that is not the one that the client wants; else empty.</summary>
    public string DatabaseFor(DatabaseSettings? database) => database?.AuthDbname ?? Proxy.AuthDbname;

    /// <summary>
    /// Whether there is room for a pool that asks this database. Names that only the fallback <c>*</c> serves are made up by clients that have proven nothing: of those where
    /// nobody could log in yet there are <see cref="MaxUnproven"/> at most over all loops, give or take what loops do at the same moment. autodb_idle_timeout makes room again.
    /// </summary>
    public bool HasRoom(PoolStates states, string databaseName)
    {
        if (IsDeclared(databaseName))
        {
            return true;
        }

        var unproven = 0;
        foreach (var state in states.All)
        {
            if (state.Key.Database == databaseName && (state.Welcome is not null || state.Key.IsForLookups))
            {
                return true;
            }

            if (state.Key.IsForLookups && state.Welcome is null && !IsDeclared(state.Key.Database))
            {
                unproven++;
            }
        }

        return unproven < MaxUnproven;
    }

    /// <summary>Whether anybody is asked by this user at all.</summary>
    public bool IsAsked(string user) => Proxy.AuthUser == user || plan.Configuration.Databases.Values.Any(database => database.AuthUser == user);

    // One pool may be asked for several databases, by queries of their own.
    private bool AsksByDefaultOnly =>
        Proxy.AuthQuery == ProxySettings.DefaultAuthQuery && plan.Configuration.Databases.Values.All(database => database.AuthQuery is null or ProxySettings.DefaultAuthQuery);

    private bool IsDeclared(string databaseName) => plan.Configuration.Databases.ContainsKey(databaseName);

    /// <summary>The pool of a database's servers for lookups; null where the file has no such database, or asks by another user.</summary>
    public PoolConfig? Pool(PoolKey key)
    {
        if (plan.Database(key.Database) is not { } database || !IsAsked(key.User))
        {
            return null;
        }

        var startup = Startup;
        var pool = plan.Pool(database, new LoginSettings { Role = key.User, User = key.User, Password = users(key.User) }, key.Database);
        return pool with
        {
            Mode = PoolMode.Transaction,
            Isolation = IsolationLevel.None,
            MinPoolSize = 0,
            ResetQuery = "",
            ResetQueryAlways = false,
            KeepsStatements = false,
            Pipelines = false,
            MayPrefill = false,
            Target = Asking(pool.Target),
            Targets = [.. pool.Targets.Select(Asking)],
        };

        ServerTarget Asking(ServerTarget target) => target with
        {
            Password = users(key.User),
            StartupParameters = startup,
            DeclaredSettings = null,
            RefusesUnsafeLogin = false,
            SignsIdentity = false,
            ConnectQuery = null,
            MaxPreparedStatements = 0,
        };
    }
}
