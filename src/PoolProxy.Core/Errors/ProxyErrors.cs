using PoolProxy.Protocol.Errors;
using static PoolProxy.Core.Errors.ErrorText;

namespace PoolProxy.Core.Errors;

/// <summary>
/// What the proxy itself says to clients, but for <see cref="LoginErrors"/> and <see cref="ConsoleErrors"/>. What never
/// varies is a static member, built once; what names something of the case is a small method.
/// </summary>
/// <remarks>
/// Texts are PgBouncer's where it has one, because dashboards and retry code match on them; codes are the ones
/// PostgreSQL uses for the same thing, because drivers react to those (PgBouncer says 08P01 nearly everywhere).
/// Names from outside are cut at <see cref="ErrorText.MaxNameChars"/>. Whether ReadyForQuery follows an Error is the relay's to
/// decide; a Fatal is the last message of its connection. Source: errcodes-appendix.html.
/// </remarks>
internal static class ProxyErrors
{
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

    /// <summary>42501. A Query where <c>disable_pqexec</c> is on; PgBouncer's words.</summary>
    public static ProxyError PqexecDisallowed { get; } =
        Fatal(SqlState.InsufficientPrivilege, "PQexec disallowed", hint: "Use the extended query protocol, or take disable_pqexec out of the proxy's configuration.");

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

    /// <summary>53200. A client's prepared statements are longer, all together, than they may be.</summary>
    public static ProxyError StatementsTooLong(int limitBytes) =>
        Error(
            SqlState.OutOfMemory,
            "too many long prepared statements",
            detail: Text($"A client may keep {limitBytes} bytes of prepared statements."),
            hint: "Close statements that are no longer used.");

    /// <summary>53200. The prepared statements of all clients of one identity are longer, all together, than they may be.</summary>
    public static ProxyError IdentityStatementsTooLong(int limitBytes) =>
        Error(
            SqlState.OutOfMemory,
            "too many long prepared statements of one identity",
            detail: Text($"The clients of one identity may keep {limitBytes} bytes of prepared statements, each text counted once."),
            hint: "Close statements that are no longer used.");

    /// <summary>54000. A client keeps more prepared statements than it may.</summary>
    public static ProxyError TooManyStatements(int limit) =>
        Error(
            SqlState.ProgramLimitExceeded,
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

    /// <summary>57P01. A client that SUSPEND does not wait for any longer. PgBouncer's text.</summary>
    public static ProxyError SuspendTimeout { get; } = Fatal(SqlState.AdminShutdown, "suspend_timeout");

    /// <summary>57P01. A waiting client during a shutdown that waits for servers. PgBouncer's text.</summary>
    public static ProxyError ServerShuttingDown { get; } = Fatal(SqlState.AdminShutdown, "server shutting down");

    /// <summary>57P01. A session whose server had to be replaced, under <c>server_fast_close</c>.</summary>
    public static ProxyError ServerReplaced { get; } =
        Fatal(SqlState.AdminShutdown, "the session's server connection is being replaced", hint: "Connect again; server_fast_close is on.");

    /// <summary>57P01. The console's KILL_CLIENT or KILL. PgBouncer's text.</summary>
    public static ProxyError KilledByAdministrator { get; } = Fatal(SqlState.AdminShutdown, "admin forced disconnect");

    /// <summary>57P01. The token's time is over.</summary>
    public static ProxyError TokenExpired { get; } =
        Fatal(SqlState.AdminShutdown, "the token has expired", hint: "Connect again with a fresh token.");

    /// <summary>57P01. What the client has proven was taken back by its issuer or an administrator.</summary>
    public static ProxyError TokenRevoked { get; } =
        Fatal(SqlState.AdminShutdown, "the token has been revoked", hint: "Log in again with a token that was issued since; SHOW REVOCATIONS in the console lists what is revoked.");

    /// <summary>28000. The token shown in the midst of a session proves nothing. The session stays as it was.</summary>
    public static ProxyError RenewalRefused { get; } =
        Error(SqlState.InvalidAuthorizationSpecification, "the token was not accepted", hint: "The session stays until its own token expires; the proxy's log says which check failed.");

    /// <summary>42501. The token shown in the midst of a session is good, but makes somebody else of the session. It stays as it was.</summary>
    public static ProxyError RenewalOfAnother { get; } =
        Error(
            SqlState.InsufficientPrivilege,
            "the token is not this session's identity's",
            detail: "Issuer, subject, role, the rule's results and the exposed claims have to be the same.",
            hint: "Connect anew with it.");

    /// <summary>0A000. A session that came in without a token has nothing to renew.</summary>
    public static ProxyError NothingToRenew { get; } = Error(SqlState.FeatureNotSupported, "this session did not begin with a token");

    /// <summary>0A000. The setting by which a token is shown, in any other form than the one that is taken.</summary>
    public static ProxyError TokenSetAmongOthers { get; } =
        Error(
            SqlState.FeatureNotSupported,
            "poolproxy.token can only be set by a statement of its own",
            hint: "Send SET poolproxy.token = '...' with a plain literal, and nothing else in the same message.");

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

    /// <summary>08006. The statement ahead, of another client, has changed the session.</summary>
    public static ProxyError PipelineBroken { get; } =
        Fatal(
            SqlState.ConnectionFailure,
            "server connection closed",
            detail: "The statement ahead of this one on the server connection has changed the session, so the outcome of this one is unknown.",
            hint: "Such statements must not run with pipelining.");

    /// <summary>53300. With <c>overflow = "block"</c> the audit trail has taken no records for query_wait_timeout.</summary>
    public static ProxyError AuditWaitTimeout { get; } =
        Fatal(
            SqlState.TooManyConnections,
            "query_wait_timeout",
            detail: "The audit trail takes no records at present, and no statement may run without its record.",
            hint: "The proxy's log says why the trail cannot be written.");

    /// <summary>08006. Sent behind other clients' statements, and its turn did not come within query_wait_timeout.</summary>
    public static ProxyError TurnTimeout { get; } =
        Fatal(
            SqlState.ConnectionFailure,
            "query_wait_timeout",
            detail: "The statement was sent behind those of other clients, and they have not ended in time. It may still be carried out.",
            hint: "Raise query_wait_timeout, or find the statement that holds up the others, or switch pipelining off.");

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

    /// <summary>42939. SQL would put something in the place of a statement of the proxy's, or take that away.</summary>
    public static ProxyError ReservedStatementName { get; } =
        Error(
            SqlState.ReservedName,
            "names of prepared statements that begin with \"poolproxy_\" are reserved",
            detail: "Servers know shared statements by such names.",
            hint: "Choose another name; names in messages of the extended protocol are the client's own and free.");

    // ---- Isolation and pool modes

    /// <summary>42501. A visible change of role or session authorization (isolation.md §1).</summary>
    public static ProxyError RoleChangeRefused { get; } =
        Error(SqlState.InsufficientPrivilege, "changing the role is refused by isolation", hint: IdentityHint);

    /// <summary>42501. A message behind DISCARD ALL in the same batch of the extended protocol, where it would run without its role (isolation.md §1).</summary>
    public static ProxyError DiscardNotLast { get; } =
        Error(SqlState.InsufficientPrivilege, "a statement behind DISCARD ALL in the same batch is refused by isolation", hint: "Send Sync between the two.");

    /// <summary>42501. A change of a setting that carries identity.</summary>
    public static ProxyError SettingRefused(string setting) =>
        Error(SqlState.InsufficientPrivilege, $"changing {Quoted(setting)} is refused by isolation", hint: IdentityHint);

    /// <summary>0A000. State that outlives the transaction, where the file says <c>session_state = "refuse"</c>.</summary>
    public static ProxyError SessionStateRefused(string command) =>
        Error(
            SqlState.FeatureNotSupported,
            $"{Name(command)} leaves state behind in the session and is refused",
            hint: "session_state = \"pin\" keeps the server with the client instead.");

    /// <summary>54000. A client has more settings of its own than the proxy keeps for it.</summary>
    public static ProxyError TooManySettings(int limit, int limitBytes) =>
        Error(
            SqlState.ProgramLimitExceeded,
            "too many settings for this session",
            detail: Text($"The proxy keeps {limit} settings of {limitBytes} bytes together for a client."),
            hint: "RESET ALL forgets them.");

    /// <summary>NOTICE, once a client: its server stays with it.</summary>
    public static ProxyError SessionPinned(string states) =>
        new(Severity.Notice, SqlState.SuccessfulCompletion, "this session keeps its server connection",
            detail: Text($"What its statements have left there: {states}."),
            hint: "DISCARD ALL gives it back.");

    /// <summary>08006. The server that listened for the client is gone; what was notified meanwhile is not known.</summary>
    public static ProxyError ListeningLost { get; } =
        Fatal(
            SqlState.ConnectionFailure,
            "the server connection that listens for this session is lost",
            detail: "Notifications may have been missed.",
            hint: "Connect and LISTEN again, then look for what was missed.");

    /// <summary>53200. A client has left so much unread, or stayed in a transaction so long, that its notifications are too many to keep.</summary>
    public static ProxyError NotificationsNotTaken(int limitBytes) =>
        Fatal(
            SqlState.OutOfMemory,
            "too many notifications wait for this session",
            detail: Text($"More than {limitBytes} bytes of them could not be passed on: the client does not read them, or stays in its transaction."),
            hint: "Connect and LISTEN again, then look for what was missed.");

    /// <summary>53300. The pool has no room for a server that listens beside one that does the work.</summary>
    public static ProxyError ListenNeedsServer(int poolSize) =>
        Error(
            SqlState.TooManyConnections,
            "LISTEN needs a server connection of its own, and the pool has none left for it",
            detail: Text($"pool_size is {poolSize}, and one server at least must be left for everything else."),
            hint: "Raise pool_size.");

    /// <summary>0A000. The name of a channel cannot be read from the text.</summary>
    public static ProxyError ChannelNotRead { get; } =
        Error(
            SqlState.FeatureNotSupported,
            "the name of the channel cannot be read",
            detail: "LISTEN is followed by the proxy where it names its channel in ASCII or UTF-8, without U&.",
            hint: "pool_mode = \"session\" takes any name.");

    /// <summary>54000. A client listens on more channels than the proxy keeps for it.</summary>
    public static ProxyError TooManyChannels(int limit) =>
        Error(SqlState.ProgramLimitExceeded, "too many channels", detail: Text($"A client listens on {limit} channels at most."));

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

    // ---- Notices, and what must never happen

    /// <summary>NOTICE after <c>query_wait_notify</c>. PgBouncer's text, capital letter and all.</summary>
    public static ProxyError WaitNotice { get; } =
        Notice("No server connection available in postgres backend, client being queued");

    /// <summary>NOTICE with the administrator's own words: <c>login_notify_message</c>, SHOW HELP.</summary>
    public static ProxyError Notice(string text) => new(Severity.Notice, SqlState.SuccessfulCompletion, text);

    /// <summary>XX000. A fault in the proxy; its log has the rest.</summary>
    public static ProxyError Internal { get; } = Fatal(SqlState.InternalError, "internal error in the proxy", hint: "The proxy's log has the details.");

    private const string InjectionDetail =
        "Bytes ahead of the handshake are not protected by it: this is a fault of the client or an attempt to inject commands.";
}
