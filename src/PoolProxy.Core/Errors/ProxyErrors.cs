using System.Globalization;
using PoolProxy.Protocol.Errors;

namespace PoolProxy.Core.Errors;

/// <summary>
/// Everything the proxy itself says to clients, in one list. What never varies is a static member, built once; what
/// names something of the case is a small method.
/// </summary>
/// <remarks>
/// Texts are PgBouncer's where it has one, because dashboards and retry code match on them; codes are the ones
/// PostgreSQL uses for the same thing, because drivers react to those (PgBouncer says 08P01 nearly everywhere).
/// Names from outside are cut at <see cref="MaxNameChars"/>. Whether ReadyForQuery follows an Error is the relay's to
/// decide; a Fatal is the last message of its connection. Source: errcodes-appendix.html.
/// </remarks>
internal static class ProxyErrors
{
    /// <summary>How much of a name from outside (user, database, statement, setting) is repeated, in characters.</summary>
    public const int MaxNameChars = 128;

    // ---- Login. Until identity is proven every refusal is LoginRefused: no other text may depend on who asked for what.

    /// <summary>28P01. The one answer to every login that fails before identity is proven, whatever the cause; the log says which.</summary>
    public static ProxyError LoginRefused(string user) =>
        Fatal(SqlState.InvalidPassword, $"password authentication failed for user {Quoted(user)}");

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

    /// <summary>0A000. Replication connections are not passed on.</summary>
    public static ProxyError ReplicationNotSupported { get; } =
        Fatal(SqlState.FeatureNotSupported, "replication connections are not supported", hint: "Connect to the server directly for replication.");

    /// <summary>0A000. A protocol version other than 3. PostgreSQL's text.</summary>
    public static ProxyError UnsupportedProtocolVersion(int major, int minor) =>
        Fatal(SqlState.FeatureNotSupported, Text($"unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.2"));

    // ---- Protocol violations

    /// <summary>08P01. A length below four or an unknown start of a message; shows at most 8 bytes. PgBouncer's text.</summary>
    public static ProxyError BadMessageHeader(ReadOnlySpan<byte> bytes) =>
        Fatal(SqlState.ProtocolViolation, $"bad packet header: '{Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 8)])}'");

    /// <summary>08P01. A message above its bound; refused at its header, before any of it is passed on.</summary>
    public static ProxyError MessageTooLong(long lengthBytes, long limitBytes) =>
        Fatal(
            SqlState.ProtocolViolation,
            "message is too long",
            detail: Text($"A message of {lengthBytes} bytes was announced, and the bound is {limitBytes} bytes."),
            hint: "max_packet_size bounds messages after the login.");

    /// <summary>08P01. A message type that does not exist or may not stand here. PostgreSQL's text.</summary>
    public static ProxyError UnexpectedMessage(byte type) => Fatal(SqlState.ProtocolViolation, Text($"invalid frontend message type {type}"));

    /// <summary>08P01. A message whose content breaks its format; <paramref name="message"/> is its name in the protocol.</summary>
    public static ProxyError MalformedMessage(string message) =>
        Fatal(SqlState.ProtocolViolation, "invalid message format", detail: $"The message was {Name(message)}.");

    /// <summary>08P01. A startup packet of an impossible length. PostgreSQL's text.</summary>
    public static ProxyError StartupTooLong { get; } = Fatal(SqlState.ProtocolViolation, "invalid length of startup packet");

    /// <summary>08P01. A startup packet that cannot be read. PostgreSQL's and PgBouncer's text.</summary>
    public static ProxyError InvalidStartupPacket { get; } = Fatal(SqlState.ProtocolViolation, "invalid startup packet layout");

    /// <summary>08P01. A second startup packet. PgBouncer's text.</summary>
    public static ProxyError RepeatedStartup { get; } = Fatal(SqlState.ProtocolViolation, "client re-sent startup pkt");

    /// <summary>08P01. A password before the startup packet. PgBouncer's text.</summary>
    public static ProxyError PasswordBeforeStartup { get; } = Fatal(SqlState.ProtocolViolation, "client password pkt before startup packet");

    /// <summary>08P01. Bytes ahead of the TLS handshake (CVE-2021-23214). PostgreSQL's and PgBouncer's text.</summary>
    public static ProxyError BytesBeforeTls { get; } =
        Fatal(SqlState.ProtocolViolation, "received unencrypted data after SSL request", detail: InjectionDetail);

    /// <summary>08P01. Bytes ahead of the answer to GSSENCRequest. PostgreSQL's and PgBouncer's text.</summary>
    public static ProxyError BytesBeforeGss { get; } =
        Fatal(SqlState.ProtocolViolation, "received unencrypted data after GSSAPI encryption request", detail: InjectionDetail);

    /// <summary>08P01. A SASL mechanism that was not offered. PostgreSQL's and PgBouncer's text.</summary>
    public static ProxyError InvalidSaslMechanism { get; } =
        Fatal(SqlState.ProtocolViolation, "client selected an invalid SASL authentication mechanism");

    // ---- Limits

    /// <summary>53300. The proxy is full. PgBouncer's text.</summary>
    public static ProxyError TooManyClients { get; } = Fatal(SqlState.TooManyConnections, "no more connections allowed (max_client_conn)");

    /// <summary>53300. The database's share of clients is used up. PgBouncer's text.</summary>
    public static ProxyError TooManyDatabaseClients { get; } =
        Fatal(SqlState.TooManyConnections, "client connections exceeded (max_db_client_connections)");

    /// <summary>53300. The user's share of clients is used up. PgBouncer's text.</summary>
    public static ProxyError TooManyUserClients { get; } =
        Fatal(SqlState.TooManyConnections, "client connections exceeded (max_user_client_connections)");

    /// <summary>53300. No server of the pool came free in time. PgBouncer's text.</summary>
    public static ProxyError QueryWaitTimeout { get; } =
        Fatal(
            SqlState.TooManyConnections,
            "query_wait_timeout",
            detail: "No server connection of the pool became free in time.",
            hint: "Raise pool_size, or query_wait_timeout, or find the long transactions that hold the servers.");

    /// <summary>53200. The proxy has no memory left for this connection within its bounds.</summary>
    public static ProxyError OutOfMemory { get; } = Fatal(SqlState.OutOfMemory, "bouncer resources exhaustion");

    /// <summary>54000. More messages without an answer than the proxy keeps count of.</summary>
    public static ProxyError TooManyOutstanding(int limit) =>
        Fatal(
            SqlState.ProgramLimitExceeded,
            "too many messages are waiting for an answer",
            detail: Text($"The proxy keeps count of {limit} messages a server connection."),
            hint: "Read answers while sending, or send Sync more often.");

    /// <summary>42501. Where changes of role are refused, a statement that is too long to be looked into cannot pass.</summary>
    public static ProxyError StatementTooLongToInspect(int limitBytes) =>
        Error(
            "42501",
            "statement is too long to be checked for a change of role",
            detail: Text($"Statements of up to {limitBytes} bytes can be checked."),
            hint: "Raise max_statement_bytes, or send large values as parameters.");

    /// <summary>53400. A client keeps more prepared statements than it may.</summary>
    public static ProxyError TooManyStatements(int limit) =>
        Error(
            SqlState.ConfigurationLimitExceeded,
            "too many prepared statements",
            detail: Text($"A client may keep {limit} prepared statements."),
            hint: "Close statements that are no longer used.");

    /// <summary>54000. An identity's claims do not fit where SQL is to see them.</summary>
    public static ProxyError ClaimsTooLong(int limitBytes) =>
        Fatal(
            SqlState.ProgramLimitExceeded,
            "the identity's claims are too long",
            detail: Text($"Exposed claims may take {limitBytes} bytes."),
            hint: "expose_claims chooses the claims that reach SQL.");

    // ---- Ends of sessions

    /// <summary>57P05. The client did nothing for too long. PgBouncer's text.</summary>
    public static ProxyError ClientIdleTimeout { get; } = Fatal(SqlState.IdleSessionTimeout, "client_idle_timeout");

    /// <summary>25P03. A transaction stood idle for too long; it is rolled back. PgBouncer's text.</summary>
    public static ProxyError IdleTransactionTimeout { get; } = Fatal(SqlState.IdleInTransactionSessionTimeout, "idle transaction timeout");

    /// <summary>25P04. A transaction took too long; it is rolled back. PgBouncer's text.</summary>
    public static ProxyError TransactionTimeout { get; } = Fatal(SqlState.TransactionTimeout, "transaction timeout");

    /// <summary>57014. A query ran too long and was cancelled. PgBouncer's text.</summary>
    public static ProxyError QueryTimeout { get; } = Fatal(SqlState.QueryCanceled, "query timeout", hint: "query_timeout bounds a single query.");

    /// <summary>57014. As <see cref="QueryTimeout"/>, but the query was still waiting for a server. PgBouncer's text, with the underscore.</summary>
    public static ProxyError QueryTimeoutWhileWaiting { get; } = Fatal(SqlState.QueryCanceled, "query_timeout");

    /// <summary>57P01. The proxy ends this session because it goes down. PostgreSQL's text.</summary>
    public static ProxyError AdminShutdown { get; } = Fatal(SqlState.AdminShutdown, "terminating connection due to administrator command");

    /// <summary>57P01. A waiting client during a shutdown that waits for servers. PgBouncer's text.</summary>
    public static ProxyError ServerShuttingDown { get; } = Fatal(SqlState.AdminShutdown, "server shutting down");

    /// <summary>57P01. The console's KILL_CLIENT or KILL. PgBouncer's text.</summary>
    public static ProxyError KilledByAdministrator { get; } = Fatal(SqlState.AdminShutdown, "admin forced disconnect");

    /// <summary>57P01. The token's time is over.</summary>
    public static ProxyError TokenExpired { get; } =
        Fatal(SqlState.AdminShutdown, "the token has expired", hint: "Connect again with a fresh token.");

    /// <summary>57P01. A reload left no place for this identity or user.</summary>
    public static ProxyError NoLongerAdmitted { get; } = Fatal(SqlState.AdminShutdown, "the configuration no longer admits this login");

    /// <summary>57P01. A reload took the database away. PgBouncer's text.</summary>
    public static ProxyError DatabaseRemoved { get; } = Fatal(SqlState.AdminShutdown, "database removed");

    /// <summary>57P03. The proxy is not ready yet.</summary>
    public static ProxyError ProxyStarting { get; } = Fatal(SqlState.CannotConnectNow, "the proxy is starting up");

    /// <summary>57P03. The proxy takes no new clients any more.</summary>
    public static ProxyError ProxyShuttingDown { get; } = Fatal(SqlState.CannotConnectNow, "the proxy is shutting down");

    /// <summary>57P03. The database is paused and this request cannot wait.</summary>
    public static ProxyError DatabasePaused(string database) =>
        Fatal(SqlState.CannotConnectNow, $"database {Quoted(database)} is paused", hint: "RESUME in the console lets it continue.");

    /// <summary>55000, as PostgreSQL for a database without connections. DISABLE in the console. PgBouncer's text.</summary>
    public static ProxyError DatabaseDisabled(string database) =>
        Fatal(SqlState.ObjectNotInPrerequisiteState, $"database {Quoted(database)} is disabled", hint: "ENABLE in the console lets clients in again.");

    // ---- Servers. What an upstream says before its login is complete is never passed on: it may not be our server at all.

    /// <summary>08006. The server's connection ended under the client. PgBouncer's text, with the question mark.</summary>
    public static ProxyError ServerLost { get; } =
        Fatal(
            SqlState.ConnectionFailure,
            "server conn crashed?",
            detail: "The server connection ended before the answer was complete, so the outcome of the last statement is unknown.");

    /// <summary>08006. The server's connection broke the protocol and was closed.</summary>
    public static ProxyError ServerProtocolViolation { get; } =
        Fatal(SqlState.ConnectionFailure, "unknown pkt from server", detail: "The server connection broke the protocol and was closed.");

    /// <summary>08006. No server of the pool can be logged in to just now. PgBouncer's text.</summary>
    public static ProxyError ServerLoginFailing { get; } =
        Fatal(
            SqlState.ConnectionFailure,
            "server login has been failing, try again later (server_login_retry)",
            hint: "The proxy's log holds the server's answer.");

    /// <summary>08006. The login to the server failed. The server's own words stay in the log.</summary>
    public static ProxyError ServerLoginFailed { get; } =
        Fatal(SqlState.ConnectionFailure, "server login failed", hint: "The proxy's log holds the server's answer.");

    /// <summary>08006. The server could not be reached. PgBouncer's text.</summary>
    public static ProxyError ServerUnreachable { get; } =
        Fatal(SqlState.ConnectionFailure, "connect failed", hint: "The proxy's log names the address and the fault.");

    /// <summary>08006. The server's host name has no address. PgBouncer's text.</summary>
    public static ProxyError ServerNameUnknown { get; } = Fatal(SqlState.ConnectionFailure, "server DNS lookup failed");

    /// <summary>08006. TLS with the server is required and was refused or failed. PgBouncer's text.</summary>
    public static ProxyError ServerRefusedTls { get; } =
        Fatal(SqlState.ConnectionFailure, "server refused SSL", hint: "server_tls_sslmode says what is asked of the server.");

    // ---- Prepared statements

    /// <summary>26000. The client never prepared that name. An Error: the connection stays, as in PostgreSQL (PgBouncer disconnects).</summary>
    public static ProxyError UnknownStatement(string statement) =>
        statement.Length == 0
            ? UnknownUnnamedStatement
            : Error(SqlState.InvalidSqlStatementName, $"prepared statement {Quoted(statement)} does not exist");

    /// <summary>26000. There is no unnamed statement. PostgreSQL's text.</summary>
    public static ProxyError UnknownUnnamedStatement { get; } = Error(SqlState.InvalidSqlStatementName, "unnamed prepared statement does not exist");

    /// <summary>42P05. The name is taken. An Error: the connection stays, as in PostgreSQL (PgBouncer disconnects).</summary>
    public static ProxyError DuplicateStatement(string statement) =>
        Error(SqlState.DuplicatePreparedStatement, $"prepared statement {Quoted(statement)} already exists");

    // ---- Isolation and pool modes

    /// <summary>42501. A visible change of role or session authorization (isolation.md §1).</summary>
    public static ProxyError RoleChangeRefused { get; } =
        Error(SqlState.InsufficientPrivilege, "changing the role is refused by isolation", hint: IdentityHint);

    /// <summary>42501. A change of a setting that carries identity.</summary>
    public static ProxyError SettingRefused(string setting) =>
        Error(SqlState.InsufficientPrivilege, $"changing {Quoted(setting)} is refused by isolation", hint: IdentityHint);

    /// <summary>0A000. State that outlives the transaction, where the file says <c>session_state = "refuse"</c>.</summary>
    public static ProxyError SessionStateRefused(string command) =>
        Error(
            SqlState.FeatureNotSupported,
            $"{Name(command)} leaves state behind in the session and is refused",
            hint: "session_state = \"pin\" keeps the server with the client instead.");

    /// <summary>08006. The prelude was not confirmed: the server is closed, and nothing of the client's was run on it (isolation.md §3).</summary>
    public static ProxyError IsolationFailed { get; } =
        Fatal(
            SqlState.ConnectionFailure,
            "the identity could not be set on the server connection",
            detail: "The server connection was closed, and nothing that the client sent was run on it.",
            hint: "The proxy's log holds the server's answer.");

    /// <summary>0A000. A transaction block in statement pool mode. PgBouncer's text.</summary>
    public static ProxyError TransactionInStatementMode { get; } =
        Fatal(
            SqlState.FeatureNotSupported,
            "transaction blocks not allowed in statement pooling mode",
            hint: "pool_mode = \"transaction\" allows them.");

    /// <summary>0A000. A simple Query where <c>disable_pqexec</c> is on. PgBouncer's text.</summary>
    public static ProxyError SimpleQueryRefused { get; } =
        Fatal(SqlState.FeatureNotSupported, "PQexec disallowed", hint: "disable_pqexec refuses the simple query protocol.");

    // ---- Console

    /// <summary>42601. PgBouncer's text.</summary>
    public static ProxyError InvalidCommand(string command) => Error(SqlState.SyntaxError, $"invalid command '{Name(command)}', use SHOW HELP;");

    /// <summary>42501. The command needs console = "admin" or admin_users. PgBouncer's text.</summary>
    public static ProxyError AdminAccessNeeded { get; } = Error(SqlState.InsufficientPrivilege, "admin access needed");

    /// <summary>3D000. A console command names a database that is not declared. PgBouncer's text.</summary>
    public static ProxyError ConsoleNoSuchDatabase(string database) => Error(SqlState.InvalidCatalogName, $"no such database: {Name(database)}");

    /// <summary>42704. KILL_CLIENT names a client that is not there. PgBouncer's text.</summary>
    public static ProxyError ClientNotFound { get; } = Error(SqlState.UndefinedObject, "client not found");

    /// <summary>42704. SET or SHOW names a setting that does not exist.</summary>
    public static ProxyError UnknownSetting(string setting, string? nearest = null) =>
        Error(SqlState.UndefinedObject, $"unrecognized configuration parameter {Quoted(setting)}", hint: nearest is null ? null : $"The nearest name is {Quoted(nearest)}.");

    /// <summary>55P02. SET names a setting that only a restart changes.</summary>
    public static ProxyError SettingNeedsRestart(string setting) =>
        Error(SqlState.CantChangeRuntimeParam, $"parameter {Quoted(setting)} cannot be changed without restarting the proxy");

    /// <summary>22023. SET gives a value that the setting cannot take; <paramref name="bound"/> is a whole sentence.</summary>
    public static ProxyError InvalidSettingValue(string setting, string value, string? bound = null) =>
        Error(SqlState.InvalidParameterValue, $"invalid value for parameter {Quoted(setting)}: {Quoted(value)}", detail: bound);

    /// <summary>55000. PAUSE or SUSPEND of what already stands still. PgBouncer's text.</summary>
    public static ProxyError AlreadyPaused { get; } = Error(SqlState.ObjectNotInPrerequisiteState, "already suspended/paused");

    /// <summary>55000. RESUME of what was never paused. PgBouncer's text.</summary>
    public static ProxyError NotPaused { get; } = Error(SqlState.ObjectNotInPrerequisiteState, "pooler is not paused/suspended");

    /// <summary>F0000. RELOAD found faults, and the running configuration stays. PgBouncer's text; DETAIL names the first fault.</summary>
    public static ProxyError ReloadFailed(string? firstFault) =>
        Error(SqlState.ConfigFileError, "RELOAD failed, see logs for additional details", detail: firstFault);

    /// <summary>0A000. What the console does not do: parameters, function calls; <paramref name="what"/> is a plural.</summary>
    public static ProxyError ConsoleCannot(string what) =>
        Error(SqlState.FeatureNotSupported, $"the console does not take {what}", hint: "Put the values into the command itself.");

    /// <summary>0A000. A command of PgBouncer's that PoolProxy does not have; <paramref name="hint"/> is a whole sentence.</summary>
    public static ProxyError ConsoleCommandUnsupported(string command, string hint) => Error(SqlState.FeatureNotSupported, $"{command} is not supported", hint: hint);

    /// <summary>42601. PgBouncer's text: a command that is about a database names none.</summary>
    public static ProxyError DatabaseRequired { get; } = Error(SqlState.SyntaxError, "a database is required");

    /// <summary>22023. PAUSE, KILL and the like of the console itself. PgBouncer's text.</summary>
    public static ProxyError NotForConsole(string verb, string database) => Error(SqlState.InvalidParameterValue, $"cannot {verb} admin db: {Name(database)}");

    /// <summary>55000. RESUME of a database that is not paused. PgBouncer's text.</summary>
    public static ProxyError DatabaseNotPaused(string database) => Error(SqlState.ObjectNotInPrerequisiteState, $"database {Name(database)} is not paused");

    /// <summary>55000. RESUME while the proxy goes down. PgBouncer's text.</summary>
    public static ProxyError PoolerShuttingDown { get; } = Error(SqlState.ObjectNotInPrerequisiteState, "pooler is shutting down");

    /// <summary>57014. Somebody resumed what this PAUSE was still waiting for.</summary>
    public static ProxyError PauseUndone { get; } = Error(SqlState.QueryCanceled, "RESUME has ended this PAUSE before all servers were released");

    /// <summary>22023. KILL_CLIENT with something that is no number. PgBouncer's text.</summary>
    public static ProxyError InvalidClientId { get; } = Error(SqlState.InvalidParameterValue, "invalid client pointer supplied");

    /// <summary>0A000. SET of a setting of the proxy's own.</summary>
    public static ProxyError SettingsAreInTheFile(string setting) =>
        Error(SqlState.FeatureNotSupported, $"parameter {Quoted(setting)} cannot be changed from the console", hint: "Change it in the configuration file, then RELOAD.");

    /// <summary>42601. PostgreSQL's text for a Parse of several commands.</summary>
    public static ProxyError SeveralCommandsPrepared { get; } = Error(SqlState.SyntaxError, "cannot insert multiple commands into a prepared statement");

    /// <summary>34000. PostgreSQL's text.</summary>
    public static ProxyError UnknownPortal(string portal) => Error(SqlState.InvalidCursorName, $"portal {Quoted(portal)} does not exist");

    /// <summary>42P03. PostgreSQL's text.</summary>
    public static ProxyError DuplicatePortal(string portal) => Error(SqlState.DuplicateCursor, $"portal {Quoted(portal)} already exists");

    /// <summary>22021. The command's text is not UTF-8, the console's only encoding.</summary>
    public static ProxyError InvalidUtf8 { get; } = Error(SqlState.CharacterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"");

    /// <summary>NOTICE. PgBouncer's text, for a SET that drivers send as a matter of course.</summary>
    public static ProxyError SetIgnored { get; } = Notice("SET ignored");

    /// <summary>NOTICE. SHOW HELP, with the commands as DETAIL.</summary>
    public static ProxyError ConsoleUsage(string commands) => new(Severity.Notice, SqlState.SuccessfulCompletion, "Console usage", detail: commands);

    // ---- Notices, and what must never happen

    /// <summary>NOTICE after <c>query_wait_notify</c>. PgBouncer's text, capital letter and all.</summary>
    public static ProxyError WaitNotice { get; } =
        Notice("No server connection available in postgres backend, client being queued");

    /// <summary>NOTICE with the administrator's own words: <c>login_notify_message</c>, SHOW HELP.</summary>
    public static ProxyError Notice(string text) => new(Severity.Notice, SqlState.SuccessfulCompletion, text);

    /// <summary>XX000. A fault in the proxy; its log has the rest.</summary>
    public static ProxyError Internal { get; } = Fatal(SqlState.InternalError, "internal error in the proxy", hint: "The proxy's log has the details.");

    private const string IdentityHint = "The role and the identity come from the login and its rule.";

    private const string StartupParameterHint =
        "track_extra_parameters passes a parameter on, and ignore_startup_parameters accepts and drops it.";

    private const string InjectionDetail =
        "Bytes ahead of the handshake are not protected by it: this is a fault of the client or an attempt to inject commands.";

    private static ProxyError Fatal(string sqlState, string message, string? detail = null, string? hint = null) =>
        new(Severity.Fatal, sqlState, message, detail, hint);

    private static ProxyError Error(string sqlState, string message, string? detail = null, string? hint = null) =>
        new(Severity.Error, sqlState, message, detail, hint);

    private static string Name(string name) => ProxyError.Bounded(name, MaxNameChars);

    private static string Quoted(string name) => $"\"{Name(name)}\"";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
