using PoolProxy.Protocol.Errors;
using static PoolProxy.Core.Errors.ErrorText;

namespace PoolProxy.Core.Errors;

/// <summary>
/// What a client is told about its login and its startup packet. Until identity is proven every refusal is
/// <see cref="LoginRefused"/>: no other text may depend on who asked for what. All are Fatal.
/// </summary>
/// <remarks>Texts and codes are chosen as in <see cref="ProxyErrors"/>.</remarks>
internal static class LoginErrors
{
    /// <summary>28P01. The one answer to every login that fails before identity is proven, whatever the cause; the log says which.</summary>
    public static ProxyError LoginRefused(string user) =>
        Fatal(SqlState.InvalidPassword, $"password authentication failed for user {Quoted(user)}");

    /// <summary>F0000. auth_query cannot be asked, or does not answer with what it has to: the same for everybody whom no file knows. PgBouncer's text.</summary>
    public static ProxyError LookupFailed { get; } =
        Fatal(SqlState.ConfigFileError, "bouncer config error", hint: "The proxy's log says what is wrong with auth_query.");

    /// <summary>3D000. Only after identity is proven. PgBouncer's text.</summary>
    public static ProxyError NoSuchDatabase(string database) =>
        Fatal(SqlState.InvalidCatalogName, $"no such database: {Name(database)}", hint: "Databases are declared under [databases] in the configuration.");

    /// <summary>28000. The identity is proven, but no rule gives it a role.</summary>
    public static ProxyError NoRuleMatches { get; } =
        Fatal(SqlState.InvalidAuthorizationSpecification, "no rule admits this identity", hint: "The first of [[rules]] whose conditions all hold decides; none held.");

    /// <summary>28000. The identity's role has no login on that database.</summary>
    public static ProxyError RoleNotAllowed(string role, string database) =>
        Fatal(
            SqlState.InvalidAuthorizationSpecification,
            $"role {Quoted(role)} is not allowed to connect to database {Quoted(database)}",
            hint: $"Declare a login for the role under [databases.{Name(database)}.logins].");

    /// <summary>28000. The server login behind the pool could undo isolation, and the file does not allow that. What is wrong with it stays in the log.</summary>
    public static ProxyError UnsafeLogin { get; } =
        Fatal(
            SqlState.InvalidAuthorizationSpecification,
            "the server login of this pool is unsafe",
            hint: "poolproxy doctor names what is wrong and the SQL that repairs it; allow_unsafe_login = true serves clients all the same.");

    /// <summary>28000. The startup packet asks for a user that the token's rule does not give.</summary>
    public static ProxyError UserNotAllowed(string user) =>
        Fatal(SqlState.InvalidAuthorizationSpecification, $"the identity may not connect as user {Quoted(user)}", hint: "Connect as the role that the rules give to this identity.");

    /// <summary>28000. TLS is required on this listener. PgBouncer's text.</summary>
    public static ProxyError TlsRequired { get; } =
        Fatal(SqlState.InvalidAuthorizationSpecification, "SSL required", hint: "Connect with sslmode=require or stronger; client_tls_sslmode asks for it.");

    /// <summary>28000. A token would travel in the clear.</summary>
    public static ProxyError TokenWithoutTls { get; } =
        Fatal(
            SqlState.InvalidAuthorizationSpecification,
            "a token is not accepted over an unencrypted connection",
            hint: "Connect with sslmode=require or stronger; token_without_tls says where a token may travel in the clear.");

    /// <summary>28000. The listener verifies client certificates and none came.</summary>
    public static ProxyError ClientCertificateRequired { get; } =
        Fatal(SqlState.InvalidAuthorizationSpecification, "connection requires a valid client certificate");

    /// <summary>28000. The startup packet names no user. PgBouncer's text.</summary>
    public static ProxyError NoUserName { get; } = Fatal(SqlState.InvalidAuthorizationSpecification, "no username supplied");

    /// <summary>28000. Too many logins of the address, the identity or the issuer have failed, whether or not this one would. Says nothing of who exists.</summary>
    public static ProxyError TooManyFailedLogins { get; } =
        Fatal(SqlState.InvalidAuthorizationSpecification, "too many failed logins", hint: "Wait before the next try; bans grow with each failure, and [limits] bounds them.");

    /// <summary>53300. More logins than [limits] lets an address, an identity or an issuer make.</summary>
    public static ProxyError TooManyLogins { get; } =
        Fatal(SqlState.TooManyConnections, "too many logins", hint: "Wait a second; [limits] says how many logins may begin in a second and be under way at once.");

    /// <summary>57014, as PostgreSQL's authentication_timeout. The login took too long. PgBouncer's text.</summary>
    public static ProxyError ClientLoginTimeout { get; } =
        Fatal(SqlState.QueryCanceled, "client_login_timeout", hint: "client_login_timeout bounds the time from connect to the end of the login.");

    /// <summary>57014. As <see cref="ClientLoginTimeout"/>, while the first server of the pool could not be reached. PgBouncer's text.</summary>
    public static ProxyError ClientLoginTimeoutServerDown { get; } =
        Fatal(SqlState.QueryCanceled, "client_login_timeout (server down)", hint: "The proxy's log says why the server cannot be reached.");

    // ---- Startup parameters

    /// <summary>0A000. A startup parameter that is neither tracked nor ignored. PgBouncer's text.</summary>
    public static ProxyError UnsupportedStartupParameter(string parameter) =>
        Fatal(SqlState.FeatureNotSupported, $"unsupported startup parameter: {Name(parameter)}", hint: StartupParameterHint);

    /// <summary>0A000. The same inside <c>options</c>. PgBouncer's text.</summary>
    public static ProxyError UnsupportedStartupOption(string parameter) =>
        Fatal(SqlState.FeatureNotSupported, $"unsupported startup parameter in options: {Name(parameter)}", hint: StartupParameterHint);

    /// <summary>0A000. <c>options</c> in a form other than <c>-c name=value</c>. PgBouncer's text.</summary>
    public static ProxyError UnsupportedOptions { get; } =
        Fatal(SqlState.FeatureNotSupported, "unsupported options startup parameter: only '-c config=val' is allowed");

    /// <summary>42501. A startup parameter that decides about identity or reset (isolation.md §4).</summary>
    public static ProxyError StartupParameterRefused(string parameter) =>
        Fatal(SqlState.InsufficientPrivilege, $"startup parameter {Quoted(parameter)} may not be set by a client", hint: IdentityHint);

    /// <summary>22023. The server refused a value that the client gave at startup. PgBouncer's text.</summary>
    public static ProxyError InvalidStartupValue(string parameter) =>
        Fatal(SqlState.InvalidParameterValue, "invalid server parameter", detail: $"The server refused the client's value of {Quoted(parameter)}.");

    /// <summary>42501. The WAL holds everybody's rows and knows no roles. On doubt: no.</summary>
    public static ProxyError ReplicationRefused { get; } =
        Fatal(
            SqlState.InsufficientPrivilege,
            "a replication connection is not possible where identities share servers",
            hint: "It reads what is everybody's. Connect to the server directly, or by a database with isolation = \"none\" and one of PgBouncer's login methods.");

    /// <summary>22023. PostgreSQL's text.</summary>
    public static ProxyError InvalidReplication(string value) =>
        Fatal(SqlState.InvalidParameterValue, $"invalid value for parameter {Quoted("replication")}: {Quoted(value)}", hint: "Valid values are: \"false\", 0, \"true\", 1, \"database\".");

    /// <summary>0A000. The console is no database, and has no WAL: whoever asks, it is told so before it says who it is.</summary>
    public static ProxyError NoReplicationOfConsole { get; } =
        Fatal(SqlState.FeatureNotSupported, "the console takes no replication connections", hint: "Connect to it without the startup parameter \"replication\".");

    /// <summary>53300. max_db_connections or max_user_connections has no room for a connection of its own.</summary>
    public static ProxyError NoRoomForReplication { get; } =
        Fatal(SqlState.TooManyConnections, "no more server connections are allowed", hint: "A replication connection has a server of its own: max_db_connections and max_user_connections bound them.");

    /// <summary>0A000. A protocol version other than 3. PostgreSQL's text.</summary>
    public static ProxyError UnsupportedProtocolVersion(int major, int minor) =>
        Fatal(SqlState.FeatureNotSupported, Text($"unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.2"));

    private const string StartupParameterHint =
        "track_extra_parameters passes a parameter on, and ignore_startup_parameters accepts and drops it.";
}
