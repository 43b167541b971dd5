using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

// Clients have the ids 100 to 199; the highest in use is 118. {Client} is the session itself: its ToString gives PgBouncer's
// prefix, "C-0x7: database/user@address", and is asked for it only where the record is written.
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Debug, "{Client} accepted")]
    public static partial void ClientAccepted(this ILogger logger, object client);

    /// <summary>For <c>log_connections</c>: the caller asks the setting. PgBouncer's text.</summary>
    [LoggerMessage(101, LogLevel.Information, "{Client} login attempt: db={Database} user={User} tls={Tls} replication={Replication}")]
    public static partial void ClientLoginAttempt(this ILogger logger, object client, string database, string user, string tls, string replication);

    /// <summary>For <c>log_connections</c>. The identity's subject, never the token.</summary>
    [LoggerMessage(102, LogLevel.Information, "{Client} logged in: db={Database} user={User} role={Role} issuer={Issuer} subject={Subject}")]
    public static partial void ClientLoggedIn(
        this ILogger logger, object client, string database, string user, string role, string issuer, string subject);

    /// <summary>Which check refused a login: the client was told only that it failed.</summary>
    [LoggerMessage(103, LogLevel.Information, "{Client} login failed: db={Database} user={User} check={Check}")]
    public static partial void ClientLoginFailed(this ILogger logger, object client, string database, string user, string check);

    /// <summary>For <c>log_disconnections</c>. PgBouncer's text.</summary>
    [LoggerMessage(104, LogLevel.Information, "{Client} closing because: {Reason} (age={AgeSeconds}s)")]
    public static partial void ClientClosing(this ILogger logger, object client, string reason, long ageSeconds);

    /// <summary>For <c>log_pooler_errors</c>: what the proxy told a client. PgBouncer's text.</summary>
    [LoggerMessage(105, LogLevel.Warning, "{Client} pooler error: {Error}")]
    public static partial void PoolerError(this ILogger logger, object client, string error);

    [LoggerMessage(106, LogLevel.Warning, "{Client} broke the protocol: {What}")]
    public static partial void ClientProtocolViolation(this ILogger logger, object client, string what);

    [LoggerMessage(107, LogLevel.Debug, "{Client} TLS established: {Tls}")]
    public static partial void ClientTls(this ILogger logger, object client, string tls);

    [LoggerMessage(108, LogLevel.Information, "{Client} TLS failed: {Reason}")]
    public static partial void ClientTlsFailed(this ILogger logger, object client, string reason);

    [LoggerMessage(109, LogLevel.Debug, "{Client} startup parameter ignored: {Parameter}")]
    public static partial void StartupParameterIgnored(this ILogger logger, object client, string parameter);

    [LoggerMessage(110, LogLevel.Debug, "cancel request matched {Client}")]
    public static partial void CancelMatched(this ILogger logger, object client);

    [LoggerMessage(111, LogLevel.Debug, "cancel request from {Address} matched no client")]
    public static partial void CancelUnmatched(this ILogger logger, string address);

    /// <summary>An exception that nobody expected ended a client.</summary>
    [LoggerMessage(112, LogLevel.Error, "{Client} ended by a fault in the proxy")]
    public static partial void ClientFault(this ILogger logger, object client, Exception exception);

    /// <summary>Once a ban, not once a login that it turns away.</summary>
    [LoggerMessage(115, LogLevel.Warning, "{Scope} {Name} may not log in for {Seconds} s: too many failed logins")]
    public static partial void LoginsBanned(this ILogger logger, string scope, string name, double seconds);

    [LoggerMessage(116, LogLevel.Debug, "{Client} turned away: {Verdict}")]
    public static partial void ClientTurnedAway(this ILogger logger, object client, string verdict);

    [LoggerMessage(113, LogLevel.Debug, "{Client} cancel request closing because: {Reason}")]
    public static partial void CancelClosing(this ILogger logger, object client, string reason);

    [LoggerMessage(117, LogLevel.Debug, "forwarded cancellation request to peer {PeerId}")]
    public static partial void CancelPassedOn(this ILogger logger, int peerId);

    [LoggerMessage(118, LogLevel.Warning, "failed to forward cancel request to peer {PeerId}: {Reason}")]
    public static partial void CancelNotPassedOn(this ILogger logger, int peerId, string reason);

    /// <summary>By oauth, without a token: it was told where to get one, and will come again.</summary>
    [LoggerMessage(114, LogLevel.Debug, "{Client} asked where to get a token: db={Database} user={User}")]
    public static partial void ClientAskedForDiscovery(this ILogger logger, object client, string database, string user);
}
