using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

// Servers have the ids 200 to 299; the highest in use is 219. {Server} is PgBouncer's prefix, "S-0x7: database/user@address", by
// ServerName, which is asked for it only where the record is written. {Pool} is "database/user", {ProcessId} the backend's. What a server says may hold the
// text of a statement: its severity, SQLSTATE and message are logged, never DETAIL, which can hold rows and claims.
internal static partial class Log
{
    /// <summary>For <c>log_connections</c>: the caller asks the setting. PgBouncer's text; by a Unix socket there is no address to name.</summary>
    [LoggerMessage(200, LogLevel.Information, "{Server} new connection to server{From} (pid={ProcessId})")]
    public static partial void ServerOpened(this ILogger logger, object server, string from, int processId);

    /// <summary>For <c>log_disconnections</c>: the caller asks the setting. PgBouncer's text.</summary>
    [LoggerMessage(201, LogLevel.Information, "{Server} closing because: {Reason} (age={AgeSeconds}s)")]
    public static partial void ServerClosed(this ILogger logger, object server, string reason, long ageSeconds);

    /// <summary>The server's own words: shown here only, never to a client.</summary>
    [LoggerMessage(202, LogLevel.Warning, "server {Target}: login failed: {Answer}")]
    public static partial void ServerLoginFailed(this ILogger logger, string target, string answer);

    [LoggerMessage(203, LogLevel.Warning, "server {Target}: cannot connect: {Reason}")]
    public static partial void ServerUnreachable(this ILogger logger, string target, string reason);

    [LoggerMessage(204, LogLevel.Error, "server {Target}: TLS failed: {Reason}")]
    public static partial void ServerTlsFailed(this ILogger logger, string target, string reason);

    [LoggerMessage(205, LogLevel.Error, "pool {Pool}: server {ProcessId} broke the protocol: {What}")]
    public static partial void ServerProtocolViolation(this ILogger logger, string pool, int processId, string what);

    /// <summary>An alarm (isolation.md §3): the identity could not be set, and the server is gone.</summary>
    [LoggerMessage(206, LogLevel.Error, "pool {Pool}: server {ProcessId} closed: its identity could not be set to role {Role}: {Answer}")]
    public static partial void PreludeFailed(this ILogger logger, string pool, int processId, string role, string answer);

    /// <summary>An alarm (isolation.md §4): someone changed the login's settings in the server.</summary>
    [LoggerMessage(207, LogLevel.Error, "pool {Pool}: server {ProcessId} closed: setting {Setting} comes from ALTER ROLE. Declare it under settings of the login, or run: {Repair}")]
    public static partial void UndeclaredSetting(this ILogger logger, string pool, int processId, string setting, string repair);

    [LoggerMessage(208, LogLevel.Warning, "pool {Pool}: server {ProcessId}: {Query} failed: {Answer}")]
    public static partial void ServerQueryFailed(this ILogger logger, string pool, int processId, string query, string answer);

    [LoggerMessage(209, LogLevel.Information, "pool {Pool}: server {ProcessId} said: {Message}")]
    public static partial void ServerSaid(this ILogger logger, string pool, int processId, string message);

    [LoggerMessage(210, LogLevel.Warning, "host {Host}: {Reason}")]
    public static partial void HostUnresolved(this ILogger logger, string host, string reason);

    /// <summary>An exception that nobody expected ended a server.</summary>
    [LoggerMessage(211, LogLevel.Error, "pool {Pool}: server {ProcessId} ended by a fault in the proxy")]
    public static partial void ServerFault(this ILogger logger, string pool, int processId, Exception exception);

    /// <summary>Clients of the pool get 28000 (isolation.md §5).</summary>
    [LoggerMessage(212, LogLevel.Error, "pool {Pool}: nobody is served: its login could undo isolation: {Dangers}. Run: {Repair} or set allow_unsafe_login = true")]
    public static partial void UnsafeLogin(this ILogger logger, string pool, string dangers, string repair);

    /// <summary>Its client has gone, and too many cancels wait before this one.</summary>
    [LoggerMessage(213, LogLevel.Warning, "pool {Pool}: server {ProcessId} closed, and what it runs is not cancelled: too many cancels wait")]
    public static partial void StatementLeftRunning(this ILogger logger, string pool, int processId);

    [LoggerMessage(214, LogLevel.Information, "pool {Pool}: server {ProcessId} listens for the pool's clients")]
    public static partial void ListeningBegan(this ILogger logger, string pool, int processId);

    /// <summary>Every client that listens gets 08006.</summary>
    [LoggerMessage(215, LogLevel.Warning, "pool {Pool}: server {ProcessId} that listened on {Channels} channels is lost: {Reason}. Its clients are told")]
    public static partial void ListeningLost(this ILogger logger, string pool, int processId, string reason, int channels);

    [LoggerMessage(216, LogLevel.Information, "host {Host} is {State}, {Nature} {Failure}")]
    public static partial void HostChanged(this ILogger logger, string host, string state, string nature, string failure);

    /// <summary>Two primaries: whoever wrote to this one would write what the others never see.</summary>
    [LoggerMessage(217, LogLevel.Error, "host {Host} is a primary of timeline {Timeline}, and another host has a newer one: it is not used. Make it a standby of that, or take it out of the list")]
    public static partial void HostLeftOver(this ILogger logger, string host, long timeline);

    /// <summary>An exception that nobody expected ended the opening of a server.</summary>
    [LoggerMessage(218, LogLevel.Error, "pool {Pool}: a server was not opened, by a fault in the proxy")]
    public static partial void OpeningFault(this ILogger logger, string pool, Exception exception);

    /// <summary>A primary of an older timeline may take its place, and what was committed on the newer one is not there.</summary>
    [LoggerMessage(219, LogLevel.Error, "host {Host}, last a primary of timeline {Timeline}, does not answer: a primary of an older timeline may be used from now on. Make sure that it does not come back as a primary")]
    public static partial void HostLost(this ILogger logger, string host, long timeline);
}
