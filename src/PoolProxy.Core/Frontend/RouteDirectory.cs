using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend.Parameters;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.PreparedStatements;
using PoolProxy.Core.Relay;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// From a database's name and a proven role to the pool that serves it. Holds the plan in force; RELOAD puts another in its place and
/// brings the pools in line. Owned by one loop.
/// </summary>
internal sealed class RouteDirectory(PoolDirectory pools, ParameterRegistry registry, ILogger log)
{
    /// <summary>Compiled settings that clients share; the table starts anew when full.</summary>
    private const int SettingsCapacity = 4096;

    private readonly Dictionary<Pool, Route> _routes = [];
    private readonly Dictionary<(Route Route, string User, TimeSpan Grace), RelaySettings> _settings = [];

    public RoutePlan Plan { get; private set; } = null!;

    public PoolDirectory Pools { get; } = pools;

    public IEnumerable<Route> Routes => _routes.Values;

    /// <summary>Puts a plan in force: pools get their new settings, those without a database or login any more are retired.</summary>
    public void Apply(RoutePlan plan)
    {
        Plan = plan;
        _settings.Clear();
        ApplyLimits();
        foreach (var pool in Pools.Pools.ToArray())
        {
            if (Compile(pool.Key) is { } config && config.Isolation == pool.Config.Isolation)
            {
                pool.Reconfigure(config);
            }
            else
            {
                _routes.Remove(pool);
                Pools.Remove(pool);
            }
        }

        Prefill();
    }

    /// <summary>The route for a login that is proven, or why there is none (3D000, 28000).</summary>
    public Route? Find(string databaseName, string role, out ProxyError? error)
    {
        error = null;
        if (Plan.Database(databaseName) is not { } database)
        {
            error = ProxyErrors.NoSuchDatabase(databaseName);
            return null;
        }

        if (Plan.Login(database, role) is not { } login)
        {
            error = ProxyErrors.RoleNotAllowed(role, databaseName);
            return null;
        }

        return RouteOf(database, login, databaseName);
    }

    /// <summary>max_user_client_connections of a name; 0 is unlimited.</summary>
    public int MaxClientsOf(string user)
    {
        var configuration = Plan.Configuration;
        return configuration.Users.GetValueOrDefault(user)?.MaxUserClientConnections ?? configuration.Proxy.MaxUserClientConnections;
    }

    /// <summary>What one client of the route may do, by database, user and proxy.</summary>
    public RelaySettings SettingsFor(Route route, string user, TimeSpan expiryGrace)
    {
        if (!_settings.TryGetValue((route, user, expiryGrace), out var settings))
        {
            if (_settings.Count >= SettingsCapacity)
            {
                _settings.Clear();
            }

            _settings.Add((route, user, expiryGrace), settings = Compile(route, user, expiryGrace));
        }

        return settings;
    }

    private RelaySettings Compile(Route route, string user, TimeSpan expiryGrace)
    {
        var proxy = Plan.Configuration.Proxy;
        var own = Plan.Configuration.Users.GetValueOrDefault(user);
        var database = Plan.Database(route.Pool.Key.Database);
        return new RelaySettings
        {
            Mode = own?.PoolMode ?? route.Pool.Config.Mode,
            MaxPreparedStatements = proxy.MaxPreparedStatements,
            MaxStatementBytes = proxy.MaxStatementBytes,
            MaxPacketSize = proxy.MaxPacketSize,
            ClientIdleTimeout = own?.ClientIdleTimeout ?? proxy.ClientIdleTimeout,
            IdleTransactionTimeout = own?.IdleTransactionTimeout ?? proxy.IdleTransactionTimeout,
            QueryTimeout = own?.QueryTimeout ?? proxy.QueryTimeout,
            TransactionTimeout = own?.TransactionTimeout ?? proxy.TransactionTimeout,
            QueryWaitTimeout = own?.QueryWaitTimeout ?? database?.QueryWaitTimeout ?? proxy.QueryWaitTimeout,
            TokenExpiryGrace = expiryGrace,
        };
    }

    private Route RouteOf(DatabaseSettings database, LoginSettings login, string databaseName)
    {
        var pool = Pools.Get(new PoolKey(databaseName, login.User), () => Plan.Pool(database, login, databaseName));
        if (!_routes.TryGetValue(pool, out var route))
        {
            ApplyLimits();
            var resets = (database.Reset ?? Plan.Configuration.Proxy.Reset) == ResetScope.Client;
            _routes.Add(pool, route = new Route(pool, new Dresser(pool.Config.Isolation, resets, pool.Key.ToString(), registry, log), new StatementCatalogue()));
        }

        return route;
    }

    private PoolConfig? Compile(PoolKey key)
    {
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
        var configuration = Plan.Configuration;
        foreach (var (name, limit) in Pools.Databases)
        {
            var database = Plan.Database(name);
            limit.MaxServers = database?.MaxDbConnections ?? configuration.Proxy.MaxDbConnections;
            limit.MaxClients = database?.MaxDbClientConnections ?? configuration.Proxy.MaxDbClientConnections;
        }

        foreach (var (name, limit) in Pools.Users)
        {
            var user = configuration.Users.GetValueOrDefault(name);
            limit.MaxServers = user?.MaxUserConnections ?? configuration.Proxy.MaxUserConnections;
        }
    }

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
