using System.Collections.ObjectModel;

namespace PoolProxy.Configuration.Model;

/// <summary>
/// One database that clients may ask for: <c>[databases.NAME]</c>. The name <see cref="FallbackName"/> serves every name that has no section of
/// its own. A null means "not set here": the user's or the proxy's value holds.
/// </summary>
public sealed record DatabaseSettings
{
    /// <summary>The section's name that stands for any database.</summary>
    public const string FallbackName = "*";

    /// <summary>The section's name, as clients give it.</summary>
    public required string Name { get; init; }

    /// <summary><c>host</c>: a name, an address, a socket folder that begins with <c>/</c>, or several of these with commas between; required.</summary>
    public required string Host { get; init; }

    /// <summary><c>port</c>: 1 to 65535, default 5432; one for all hosts or one for each. Names the socket file too.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [5432];

    /// <summary><c>load_balance_hosts</c>: which of several hosts a new server connection goes to; default round-robin.</summary>
    public LoadBalanceHosts LoadBalanceHosts { get; init; }

    /// <summary><c>target_session_attrs</c>: what a server has to be like to be used; default any.</summary>
    public TargetSessionAttrs TargetSessionAttrs { get; init; }

    /// <summary><c>host_check_period</c>: how often each host is asked what it is; zero never; default 2 s. Only where there are several hosts, or target_session_attrs asks for something.</summary>
    public TimeSpan HostCheckPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>dbname</c>: the name upstream; null takes the name that the client gave.</summary>
    public string? Dbname { get; init; }

    /// <summary><c>user</c>: the upstream login of every client; null logs in as the client's user.</summary>
    public string? User { get; init; }

    /// <summary><c>password</c> for <see cref="User"/>; null takes <c>[users]</c> or <c>auth_file</c>.</summary>
    public Secret? Password { get; init; }

    /// <summary><c>auth_user</c>: who asks <c>auth_query</c> about clients of this database.</summary>
    public string? AuthUser { get; init; }

    /// <summary><c>auth_query</c>.</summary>
    public string? AuthQuery { get; init; }

    /// <summary><c>auth_dbname</c>: the database of <c>[databases]</c> that is asked.</summary>
    public string? AuthDbname { get; init; }

    /// <summary><c>pool_size</c>: servers of each pool; 0 is unlimited.</summary>
    public int? PoolSize { get; init; }

    /// <summary><c>min_pool_size</c>: servers kept open.</summary>
    public int? MinPoolSize { get; init; }

    /// <summary><c>reserve_pool_size</c>: servers beyond the pool's size for clients that waited long.</summary>
    public int? ReservePoolSize { get; init; }

    /// <summary><c>pool_mode</c>.</summary>
    public PoolMode? PoolMode { get; init; }

    /// <summary><c>connect_query</c>: sent once on each new server connection.</summary>
    public string? ConnectQuery { get; init; }

    /// <summary><c>max_db_connections</c>: servers over all pools of the database; 0 is unlimited.</summary>
    public int? MaxDbConnections { get; init; }

    /// <summary><c>max_db_client_connections</c>: clients of the database; 0 is unlimited.</summary>
    public int? MaxDbClientConnections { get; init; }

    /// <summary><c>query_wait_timeout</c>; zero waits for ever.</summary>
    public TimeSpan? QueryWaitTimeout { get; init; }

    /// <summary><c>server_lifetime</c>; zero closes a server after each use.</summary>
    public TimeSpan? ServerLifetime { get; init; }

    /// <summary><c>isolation</c>; ask <see cref="ProxyConfiguration.IsolationOf"/> for the value that holds.</summary>
    public IsolationLevel? Isolation { get; init; }

    /// <summary><c>cache_unnamed_statements</c>.</summary>
    public bool? CacheUnnamedStatements { get; init; }

    /// <summary><c>pipelining</c>: independent statements of several clients of one identity may be sent behind one another; default off.</summary>
    public bool Pipelining { get; init; }

    /// <summary><c>pipelining_max_time</c>: the mean time up to which a statement is short enough for it; 1 ms to 10 s, default 10 ms.</summary>
    public TimeSpan PipeliningMaxTime { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary><c>reset</c>.</summary>
    public ResetScope? Reset { get; init; }

    /// <summary><c>session_state</c>.</summary>
    public SessionStatePolicy? SessionState { get; init; }

    /// <summary><c>allow_unsafe_login</c>.</summary>
    public bool? AllowUnsafeLogin { get; init; }

    /// <summary><c>application_name_identity</c>.</summary>
    public ApplicationNameIdentity? ApplicationNameIdentity { get; init; }

    /// <summary><c>identity_key</c>: at least 32 characters that <c>poolproxy.add_key</c> knows too; null signs nothing.</summary>
    public Secret? IdentityKey { get; init; }

    /// <summary><c>identity_lifetime</c>: how long a signed identity may begin transactions; 1 to 60 seconds.</summary>
    public TimeSpan IdentityLifetime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>client_encoding</c> of new server connections.</summary>
    public string? ClientEncoding { get; init; }

    /// <summary><c>datestyle</c> of new server connections.</summary>
    public string? Datestyle { get; init; }

    /// <summary><c>timezone</c> of new server connections.</summary>
    public string? Timezone { get; init; }

    /// <summary><c>application_name</c> of new server connections.</summary>
    public string? ApplicationName { get; init; }

    /// <summary><c>server_tls_sslmode</c>.</summary>
    public TlsMode? ServerTlsSslmode { get; init; }

    /// <summary><c>server_tls_ca_file</c>.</summary>
    public string? ServerTlsCaFile { get; init; }

    /// <summary><c>server_tls_key_file</c>.</summary>
    public string? ServerTlsKeyFile { get; init; }

    /// <summary><c>server_tls_cert_file</c>.</summary>
    public string? ServerTlsCertFile { get; init; }

    /// <summary><c>server_tls_protocols</c>.</summary>
    public TlsProtocols? ServerTlsProtocols { get; init; }

    /// <summary><c>server_tls_ciphers</c>.</summary>
    public string? ServerTlsCiphers { get; init; }

    /// <summary><c>server_tls13_ciphers</c>.</summary>
    public string? ServerTls13Ciphers { get; init; }

    /// <summary><c>server_tls_sslnegotiation</c>.</summary>
    public TlsNegotiation? ServerTlsSslnegotiation { get; init; }

    /// <summary><c>server_tls_channel_binding</c>.</summary>
    public ChannelBindingMode? ServerTlsChannelBinding { get; init; }

    /// <summary><c>settings</c>: PostgreSQL settings of the startup packet, for every login of the database.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary><c>logins</c>, by role.</summary>
    public IReadOnlyDictionary<string, LoginSettings> Logins { get; init; } = ReadOnlyDictionary<string, LoginSettings>.Empty;

    /// <summary>The hosts with their ports, in the file's order.</summary>
    public IReadOnlyList<ServerAddress> Servers => [.. Host.Split(',').Select((host, i) => new ServerAddress(host, Ports[Math.Min(i, Ports.Count - 1)]))];

    /// <summary>There is a choice of servers, or a demand on the only one.</summary>
    public bool ChoosesHosts => Host.Contains(',', StringComparison.Ordinal) || TargetSessionAttrs != TargetSessionAttrs.Any;

    /// <summary>Whether every host is a socket folder.</summary>
    public bool IsUnixSocket => Servers.All(server => server.IsUnixSocket);

    /// <summary>Whether this is the section for names without one.</summary>
    public bool IsFallback => Name == FallbackName;

    /// <summary>TLS towards this database: its own values above <paramref name="proxy"/>'s.</summary>
    public ServerTlsSettings ServerTls(ProxySettings proxy) => new()
    {
        Sslmode = ServerTlsSslmode ?? proxy.ServerTlsSslmode,
        CaFile = ServerTlsCaFile ?? proxy.ServerTlsCaFile,
        KeyFile = ServerTlsKeyFile ?? proxy.ServerTlsKeyFile,
        CertFile = ServerTlsCertFile ?? proxy.ServerTlsCertFile,
        Protocols = ServerTlsProtocols ?? proxy.ServerTlsProtocols,
        Ciphers = ServerTlsCiphers ?? proxy.ServerTlsCiphers,
        Tls13Ciphers = ServerTls13Ciphers ?? proxy.ServerTls13Ciphers,
        Negotiation = ServerTlsSslnegotiation ?? proxy.ServerTlsSslnegotiation,
        ChannelBinding = ServerTlsChannelBinding ?? proxy.ServerTlsChannelBinding,
    };
}
