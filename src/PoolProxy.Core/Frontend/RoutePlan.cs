using System.Security.Cryptography;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Isolation;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Pooling;
using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A configuration compiled to what pools need: for a database, a role or user, and the login that serves it. Immutable; RELOAD compiles
/// another, and only if that has no fault does it take this one's place.
/// </summary>
internal sealed class RoutePlan
{
    private readonly ProxyConfiguration _configuration;
    private readonly UserDirectory _users;
    private readonly Dictionary<string, TlsClientContext?> _tls;

    private RoutePlan(ProxyConfiguration configuration, UserDirectory users, Dictionary<string, TlsClientContext?> tls)
    {
        _configuration = configuration;
        _users = users;
        _tls = tls;
        Lookups = new LookupPlan(this, users.UpstreamSecretOf);
    }

    /// <summary>Who asks about users that no file knows.</summary>
    public LookupPlan Lookups { get; }

    public ProxyConfiguration Configuration => _configuration;

    /// <summary>Reads certificates and the like; every fault is added to the list, and then there is no plan.</summary>
    public static RoutePlan? TryCompile(ProxyConfiguration configuration, UserDirectory users, ICollection<string> faults)
    {
        var tls = new Dictionary<string, TlsClientContext?>(StringComparer.Ordinal);
        foreach (var database in configuration.Databases.Values)
        {
            var settings = database.ServerTls(configuration.Proxy);
            if (database.IsUnixSocket || settings.Sslmode == TlsMode.Disable)
            {
                tls.Add(database.Name, null);
                continue;
            }

            var found = new List<TlsFault>();
            tls.Add(database.Name, TlsClientContext.TryCreate(TlsSettings.ForServers(settings), found));
            foreach (var fault in found)
            {
                faults.Add($"database \"{database.Name}\": {fault}");
            }
        }

        return faults.Count == 0 ? new RoutePlan(configuration, users, tls) : null;
    }

    public IsolationLevel LevelOf(DatabaseSettings database) =>
        _configuration.IsolationOf(database);

    /// <summary><c>reset = "client"</c>, of the database or else of the proxy.</summary>
    public bool ResetsBetweenClients(DatabaseSettings database) => (database.Reset ?? _configuration.Proxy.Reset) == ResetScope.Client;

    /// <summary>What signs identities for the database's servers; null without <c>identity_key</c>.</summary>
    public static IdentitySigner? SignerOf(DatabaseSettings database) =>
        database.IdentityKey is { } key ? new IdentitySigner(key, database.IdentityLifetime) : null;

    /// <summary>The database as configured, or by the fallback <c>*</c>; null for none.</summary>
    public DatabaseSettings? Database(string name) =>
        _configuration.Databases.TryGetValue(name, out var database) ? database
        : _configuration.Databases.GetValueOrDefault(DatabaseSettings.FallbackName);

    /// <summary>The user a pool is named for, and the login that serves the role; null where the database has none for it.</summary>
    public LoginSettings? Login(DatabaseSettings database, string role)
    {
        var level = LevelOf(database);
        if (level is IsolationLevel.Partitioned or IsolationLevel.Exclusive)
        {
            return database.Logins.GetValueOrDefault(role);
        }

        // none: the client's own user, unless the database names one; set_role: the database's one login, for whichever role a rule gave.
        var user = database.User ?? (level == IsolationLevel.None ? role : null);
        return user is null ? null : new LoginSettings { Role = role, User = user, Password = database.Password ?? _users.UpstreamSecretOf(user) };
    }

    /// <summary>Servers of the database are logged in to as the client's own user.</summary>
    public bool LogsInAsClient(string databaseName) =>
        Database(databaseName) is { User: null } database && LevelOf(database) == IsolationLevel.None;

    /// <summary>Everything a pool is made of.</summary>
    public PoolConfig Pool(DatabaseSettings database, LoginSettings login, string databaseName)
    {
        var proxy = _configuration.Proxy;
        var user = _configuration.Users.GetValueOrDefault(login.User);
        var level = LevelOf(database);
        var targets = Targets(database, login, databaseName, level);
        var size = login.PoolSize ?? user?.PoolSize ?? database.PoolSize ?? proxy.DefaultPoolSize;
        return new PoolConfig
        {
            Mode = ModeOf(database, login.User),
            Isolation = level,
            Target = targets[0],
            Targets = targets,
            LoadBalanceHosts = database.LoadBalanceHosts,
            HostCheckPeriod = database.ChoosesHosts ? database.HostCheckPeriod : TimeSpan.Zero,
            PoolSize = size,
            MinPoolSize = Math.Min(database.MinPoolSize ?? proxy.MinPoolSize, size > 0 ? size : int.MaxValue),
            ReservePoolSize = user?.ReservePoolSize ?? database.ReservePoolSize ?? proxy.ReservePoolSize,
            ReservePoolTimeout = proxy.ReservePoolTimeout,
            ServerRoundRobin = proxy.ServerRoundRobin,
            ResetQuery = proxy.ServerResetQuery,
            ResetQueryAlways = proxy.ServerResetQueryAlways,
            CheckQuery = proxy.ServerCheckQuery switch { "" => null, "<empty>" => "", var query => query },
            CheckDelay = proxy.ServerCheckDelay,
            ServerLifetime = database.ServerLifetime ?? proxy.ServerLifetime,
            ServerIdleTimeout = proxy.ServerIdleTimeout,
            ServerLoginRetry = proxy.ServerLoginRetry,
            QueryWaitNotify = proxy.QueryWaitNotify,
            LogsConnections = proxy.LogConnections,
            LogsDisconnections = proxy.LogDisconnections,
            KeepsStatements = login.StatementSharing == StatementSharing.Trusted,
            Pipelines = database.Pipelining && ModeOf(database, login.User) != PoolMode.Session,
            PipeliningMaxMilliseconds = database.PipeliningMaxTime.InMilliseconds(),
            MayPrefill = level != IsolationLevel.None || database.User is not null,
        };
    }

    public PoolMode ModeOf(DatabaseSettings database, string user) =>
        _configuration.Users.GetValueOrDefault(user)?.PoolMode ?? database.PoolMode ?? _configuration.Proxy.PoolMode;

    /// <summary>One for each host. They share one signature: another list of hosts is another target.</summary>
    private IReadOnlyList<ServerTarget> Targets(DatabaseSettings database, LoginSettings login, string databaseName, IsolationLevel level)
    {
        var proxy = _configuration.Proxy;
        var tls = database.ServerTls(proxy);
        var parameters = IsolationPins.For(level, login.Role, level == IsolationLevel.None ? OwnSettings(database) : [], database.Settings, login.Settings);
        var target = new ServerTarget
        {
            DatabaseName = databaseName,
            Host = "",
            Port = 0,
            Demand = database.TargetSessionAttrs,
            AsksNature = database.ChoosesHosts,
            Dbname = database.Dbname ?? databaseName,
            User = login.User,
            Password = login.Password ?? _users.UpstreamSecretOf(login.User),
            Tls = _tls[database.Name],
            StartupParameters = parameters,
            DeclaredSettings = level == IsolationLevel.None ? null : new HashSet<string>([.. database.Settings.Keys, .. login.Settings.Keys], StringComparer.OrdinalIgnoreCase),
            RefusesUnsafeLogin = level != IsolationLevel.None && !_configuration.AllowsUnsafeLogin(database),
            SignsIdentity = level != IsolationLevel.None && database.IdentityKey is not null,
            ConnectQuery = database.ConnectQuery,
            ConnectTimeout = proxy.ServerConnectTimeout,
            MaxPreparedStatements = proxy.MaxPreparedStatements,
            TcpKeepalive = proxy.TcpKeepalive,
            TcpKeepcnt = proxy.TcpKeepcnt,
            TcpKeepidle = proxy.TcpKeepidle,
            TcpKeepintvl = proxy.TcpKeepintvl,
            TcpUserTimeout = proxy.TcpUserTimeout,
            TcpSocketBuffer = proxy.TcpSocketBuffer,
            Signature = "",
        };
        var signature = $"{string.Join(',', database.Servers)}|{database.TargetSessionAttrs}|{Sign(target, tls)}";
        return [.. database.Servers.Select(server => target with
        {
            Host = server.Host,
            Port = server.Port,
            TlsMode = server.IsUnixSocket ? TlsMode.Disable : tls.Sslmode,
            IsTlsDirect = tls.Negotiation == TlsNegotiation.Direct,
            ChannelBinding = server.IsUnixSocket ? ChannelBindingMode.Disable : tls.ChannelBinding,
            Signature = signature,
        })];
    }

    /// <summary>PgBouncer's per-database client_encoding, datestyle, timezone and application_name.</summary>
    private static Dictionary<string, string> OwnSettings(DatabaseSettings database)
    {
        var own = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in new[]
        {
            ("client_encoding", database.ClientEncoding), ("DateStyle", database.Datestyle), ("TimeZone", database.Timezone), ("application_name", database.ApplicationName),
        })
        {
            if (value is not null)
            {
                own[name] = value;
            }
        }

        return own;
    }

    private static string Sign(ServerTarget target, ServerTlsSettings tls)
    {
        var text = new StringBuilder();
        text.Append(target).Append('|').Append(target.Dbname).Append('|').Append(target.ConnectQuery).Append('|').Append(tls)
            .Append('|').Append(target.RefusesUnsafeLogin).Append('|').Append(target.SignsIdentity);
        foreach (var (name, value) in target.StartupParameters)
        {
            text.Append('|').Append(name).Append('=').Append(value);
        }

        foreach (var file in new[] { tls.CaFile, tls.CertFile, tls.KeyFile })
        {
            text.Append('|').Append(file.Length > 0 && File.Exists(file) ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))) : file);
        }

        return text.ToString();
    }
}
