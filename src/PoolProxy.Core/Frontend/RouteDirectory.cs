using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Telemetry;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// From a database's name and a proven role to the pool that serves it. Holds the plan in force; RELOAD puts another in its place on each
/// loop and brings the pools in line. Owned by one loop.
/// </summary>
internal sealed class RouteDirectory(PoolDirectory pools, RouteShares shares, ParameterRegistry registry, ILogger log)
{
    /// <summary>Compiled settings that clients share, and ways found; a table starts anew when full.</summary>
    private const int Capacity = 4096;

    private readonly Dictionary<Pool, Route> _routes = [];
    // Made for the first client: a proxy that nobody uses loads nothing of identities.
    private Dictionary<(Route Route, string User, TimeSpan Grace, RuleLimits Limits), RelaySettings>? _settings;

    // Ways that were found under the plan in force. A pool that has been retired since is looked for again.
    private readonly Dictionary<(string Database, string Role), Route> _found = [];

    // Pools for lookups that were found under it.
    private readonly Dictionary<PoolKey, Pool> _lookups = [];

    public RoutePlan Plan { get; private set; } = null!;

    public PoolDirectory Pools { get; } = pools;

    public IEnumerable<Route> Routes => _routes.Values;

    /// <summary>
    /// Puts a plan in force on this loop: pools get their new settings, those without a database or login any more are retired. One of the loops
    /// <paramref name="prefills"/> the pools that have a min_pool_size.
    /// </summary>
    public void Apply(RoutePlan plan, bool prefills)
    {
        Plan = plan;
        _settings = null;
        _found.Clear();
        _lookups.Clear();
        ApplyLimits();
        foreach (var pool in Pools.Pools.ToArray())
        {
            if (Compile(pool.Key) is { } config && config.Isolation == pool.Config.Isolation)
            {
                if (_routes.TryGetValue(pool, out var route) && plan.Database(pool.Key.Database) is { } database)
                {
                    route.Dresser.ResetsBetweenClients = plan.ResetsBetweenClients(database);
                    route.Dresser.Signer = RoutePlan.SignerOf(database);
                    route.Dresser.KeepsStatements = config.KeepsStatements;
                }

                pool.Upkeep.Reconfigure(config);
            }
            else
            {
                _routes.Remove(pool);
                Pools.Remove(pool);
            }
        }

        if (prefills)
        {
            Prefill();
        }
    }

    /// <summary>The pool was given up because nobody used it: this loop's part goes, and nothing leads to it any more.</summary>
    public void Forget(PoolState state)
    {
        foreach (var pool in Pools.Pools.Where(pool => pool.State == state).ToArray())
        {
            Pools.Remove(pool);
        }

        foreach (var pool in _routes.Keys.Where(pool => pool.State == state).ToArray())
        {
            _routes.Remove(pool);
        }

        _settings = null;
        _found.Clear();
        _lookups.Clear();
    }

    /// <summary>The route for a login that is proven, or why there is none (3D000, 28000).</summary>
    public Route? Find(string databaseName, string role, out ProxyError? error)
    {
        error = null;
        if (_found.TryGetValue((databaseName, role), out var known) && !known.Pool.State.IsRetired)
        {
            return known;
        }

        if (Plan.Database(databaseName) is not { } database)
        {
            error = LoginErrors.NoSuchDatabase(databaseName);
            return null;
        }

        if (Plan.Login(database, role) is not { } login)
        {
            error = LoginErrors.RoleNotAllowed(role, databaseName);
            return null;
        }

        if (_found.Count >= Capacity)
        {
            _found.Clear();
        }

        return _found[(databaseName, role)] = RouteOf(database, login, databaseName);
    }

    /// <summary>The pool of its own by which <paramref name="user"/> asks about others; null where there is no such database.</summary>
    public Pool? FindForLookups(string databaseName, string user)
    {
        var key = new PoolKey(databaseName, user, IsForLookups: true);
        if (_lookups.TryGetValue(key, out var known) && !known.State.IsRetired)
        {
            return known;
        }

        if (Plan.Lookups.Pool(key) is not { } config)
        {
            return null;
        }

        if (_lookups.Count >= Capacity)
        {
            _lookups.Clear();
        }

        if (!Plan.Lookups.HasRoom(Pools.States, databaseName))
        {
            log.LookupsHaveNoRoom(ErrorText.Name(databaseName), LookupPlan.MaxUnproven);
            return null;
        }

        var pool = _lookups[key] = Pools.Get(key, () => config);
        ApplyLimits(key);
        return pool;
    }

    /// <summary>A client that was proven brings what its servers can be opened with, where they are opened as itself.</summary>
    public void Teach(Route route, LoginResult proof)
    {
        if (proof.Upstream is { } upstream && route.Pool.Key.User == proof.Role && Plan.LogsInAsClient(route.Pool.Key.Database))
        {
            route.Pool.State.Learn(upstream);
        }
    }

    /// <summary>
    /// Whether a proven role would be sent this way by the plan in force. A RELOAD may have given the role another login, or the login another
    /// role: who came before must not be served by it.
    /// </summary>
    public bool StillServes(Route route, string role) =>
        !route.Pool.State.IsRetired
        && Plan.Database(route.Pool.Key.Database) is { } database
        && Plan.Login(database, role)?.User == route.Pool.Key.User;

    /// <summary>max_user_client_connections of a name; 0 is unlimited.</summary>
    public int MaxClientsOf(string user)
    {
        var configuration = Plan.Configuration;
        return configuration.Users.GetValueOrDefault(user)?.MaxUserClientConnections ?? configuration.Proxy.MaxUserClientConnections;
    }

    /// <summary>What one client of the route may do, by database, user, proxy, and what its rule and token limit.</summary>
    public RelaySettings SettingsFor(Route route, string user, TimeSpan expiryGrace, RuleLimits limits)
    {
        _settings ??= [];
        if (!_settings.TryGetValue((route, user, expiryGrace, limits), out var settings))
        {
            if (_settings.Count >= Capacity)
            {
                _settings.Clear();
            }

            _settings.Add((route, user, expiryGrace, limits), settings = Compile(route, user, expiryGrace, limits));
        }

        return settings;
    }

    private RelaySettings Compile(Route route, string user, TimeSpan expiryGrace, RuleLimits limits)
    {
        var proxy = Plan.Configuration.Proxy;
        var own = Plan.Configuration.Users.GetValueOrDefault(user);
        var database = Plan.Database(route.Pool.Key.Database);
        return new RelaySettings
        {
            Mode = own?.PoolMode ?? route.Pool.Config.Mode,
            MaxPreparedStatements = proxy.MaxPreparedStatements,
            MaxStatementBytes = proxy.MaxStatementBytes,
            KeepsUnnamed = database?.CacheUnnamedStatements ?? proxy.CacheUnnamedStatements,
            SessionState = database?.SessionState ?? proxy.SessionState,
            Pipelines = database?.Pipelining ?? false,
            PipeliningMaxMilliseconds = (database?.PipeliningMaxTime ?? TimeSpan.Zero).InMilliseconds(),
            MaxPacketSize = proxy.MaxPacketSize,
            ClientIdleTimeout = Stricter(own?.ClientIdleTimeout ?? proxy.ClientIdleTimeout, limits.ClientIdleTimeout),
            IdleTransactionTimeout = Stricter(own?.IdleTransactionTimeout ?? proxy.IdleTransactionTimeout, limits.IdleTransactionTimeout),
            QueryTimeout = Stricter(own?.QueryTimeout ?? proxy.QueryTimeout, limits.QueryTimeout),
            TransactionTimeout = Stricter(own?.TransactionTimeout ?? proxy.TransactionTimeout, limits.TransactionTimeout),
            DisallowsQuery = proxy.DisablePqexec,
            ClosesFast = proxy.ServerFastClose,
            QueryWaitTimeout = own?.QueryWaitTimeout ?? database?.QueryWaitTimeout ?? proxy.QueryWaitTimeout,
            TokenExpiryGrace = expiryGrace,
            IsReadOnly = limits.IsReadOnly,
            MaxServers = limits.MaxServers,
        };
    }

    /// <summary>Zero is no timeout at all.</summary>
    private static TimeSpan Stricter(TimeSpan configured, TimeSpan? limit) =>
        limit is { } most && (configured == TimeSpan.Zero || most < configured) ? most : configured;

    private Route RouteOf(DatabaseSettings database, LoginSettings login, string databaseName)
    {
        var pool = Pools.Get(new PoolKey(databaseName, login.User), () => Plan.Pool(database, login, databaseName));
        if (!_routes.TryGetValue(pool, out var route))
        {
            ApplyLimits(pool.Key);
            var resets = Plan.ResetsBetweenClients(database);
            var share = shares.Of(pool.State);
            var dresser = new Dresser(pool.Config.Isolation, resets, pool.Key.ToString(), share, registry, log)
            {
                Signer = RoutePlan.SignerOf(database),
                KeepsStatements = pool.Config.KeepsStatements,
            };
            _routes.Add(pool, route = new Route(pool, dresser, share.Catalogue, pool.State.Database.Schema));
        }

        return route;
    }

    private PoolConfig? Compile(PoolKey key)
    {
        if (key.IsForLookups)
        {
            return Plan.Lookups.Pool(key);
        }

        if (Plan.Database(key.Database) is not { } database)
        {
            return null;
        }

        var login = Plan.LevelOf(database) is IsolationLevel.None or IsolationLevel.SetRole
            ? Plan.Login(database, key.User)
            : database.Logins.Values.FirstOrDefault(candidate => candidate.User == key.User);
        return login is null || login.User != key.User ? null : Plan.Pool(database, login, key.Database);
    }

    private void ApplyLimits()
    {
        foreach (var limit in Pools.States.Databases)
        {
            ApplyToDatabase(limit);
        }

        foreach (var limit in Pools.States.Users)
        {
            ApplyToUser(limit);
        }
    }

    /// <summary>Those of one pool: there may be many others.</summary>
    private void ApplyLimits(PoolKey key)
    {
        if (Pools.States.FindDatabase(key.Database) is { } database)
        {
            ApplyToDatabase(database);
        }

        if (Pools.States.FindUser(key.User) is { } user)
        {
            ApplyToUser(user);
        }
    }

    private void ApplyToDatabase(ConnectionLimit limit)
    {
        var (proxy, database) = (Plan.Configuration.Proxy, Plan.Database(limit.Name));
        limit.MaxServers = database?.MaxDbConnections ?? proxy.MaxDbConnections;
        limit.MaxClients = database?.MaxDbClientConnections ?? proxy.MaxDbClientConnections;
    }

    private void ApplyToUser(ConnectionLimit limit) =>
        limit.MaxServers = Plan.Configuration.Users.GetValueOrDefault(limit.Name)?.MaxUserConnections ?? Plan.Configuration.Proxy.MaxUserConnections;

    /// <summary>min_pool_size: pools whose login is known open their servers before a client comes.</summary>
    private void Prefill()
    {
        foreach (var database in Plan.Configuration.Databases.Values)
        {
            if (database.IsFallback || (database.MinPoolSize ?? Plan.Configuration.Proxy.MinPoolSize) == 0)
            {
                continue;
            }

            if (Plan.LevelOf(database) is IsolationLevel.Partitioned or IsolationLevel.Exclusive)
            {
                foreach (var login in database.Logins.Values)
                {
                    RouteOf(database, login, database.Name);
                }
            }
            else if (database.User is { } user && Plan.Login(database, user) is { } login)
            {
                RouteOf(database, login, database.Name);
            }
        }
    }
}
