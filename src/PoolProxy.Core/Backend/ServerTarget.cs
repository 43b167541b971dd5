using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport.Tls;

namespace PoolProxy.Core.Backend;

/// <summary>Everything that opening a server connection needs; immutable, made anew by RELOAD.</summary>
internal sealed record ServerTarget
{
    /// <summary>The database's name in the configuration, for logs.</summary>
    public required string DatabaseName { get; init; }

    /// <summary>A host name, an IP address, or the folder of a Unix socket.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    public ServerAddress Address => new(Host, Port);

    /// <summary>What the server has to be like (<c>target_session_attrs</c>).</summary>
    public TargetSessionAttrs Demand { get; init; }

    /// <summary>The login asks the server what it is: there is a choice of hosts, or a demand on the only one.</summary>
    public bool AsksNature { get; init; }

    /// <summary>The database asked for upstream.</summary>
    public required string Dbname { get; init; }

    /// <summary>The login.</summary>
    public required string User { get; init; }

    /// <summary>Its password, if it has one; never printed.</summary>
    public Secret? Password { get; init; }

    /// <summary>What was learned of a client's login, in place of a <see cref="Password"/>; only while a connection is opened.</summary>
    public ServerProof? Proof { get; init; }

    public TlsMode TlsMode { get; init; }

    /// <summary>TLS begins with the first byte, without an SSLRequest.</summary>
    public bool IsTlsDirect { get; init; }

    public ChannelBindingMode ChannelBinding { get; init; }

    /// <summary>Null where TLS is off or the address is a Unix socket.</summary>
    public TlsClientContext? Tls { get; init; }

    /// <summary>Sent in the startup packet, beside user and database: pins and the settings declared for the login.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> StartupParameters { get; init; } = [];

    /// <summary>
    /// Names of settings that <c>ALTER ROLE … SET</c> may have given to the login. Null: not looked at (<c>isolation = "none"</c>).
    /// Anything else found after login closes the server (isolation.md §4).
    /// </summary>
    public IReadOnlySet<string>? DeclaredSettings { get; init; }

    /// <summary>A login that could undo isolation is given up (<see cref="LoginDangers"/>). Goes with <see cref="DeclaredSettings"/>.</summary>
    public bool RefusesUnsafeLogin { get; init; }

    /// <summary>What is said there is signed (<c>identity_key</c>): the login asks what the session is.</summary>
    public bool SignsIdentity { get; init; }

    public string? ConnectQuery { get; init; }

    public TimeSpan ConnectTimeout { get; init; }

    public int MaxPreparedStatements { get; init; }

    public bool TcpKeepalive { get; init; }

    public int TcpKeepcnt { get; init; }

    public TimeSpan TcpKeepidle { get; init; }

    public TimeSpan TcpKeepintvl { get; init; }

    public TimeSpan TcpUserTimeout { get; init; }

    public int TcpSocketBuffer { get; init; }

    /// <summary>
    /// Equal for targets that mean the same connection. A RELOAD that changes it replaces the pool's servers. A digest; a password that
    /// was rotated is not part of it: servers that are logged in stay.
    /// </summary>
    public required string Signature { get; init; }

    /// <summary>Host, port and login as logs and SHOW name them.</summary>
    public override string ToString() => Host.StartsWith('/') ? $"{DatabaseName}/{User}@unix:{Port}" : $"{DatabaseName}/{User}@{Host}:{Port}";
}
