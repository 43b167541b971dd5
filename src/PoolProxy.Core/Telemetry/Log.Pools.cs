using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

// Pools have the ids 300 to 399; the highest in use is 309.
internal static partial class Log
{
    [LoggerMessage(300, LogLevel.Debug, "pool {Pool}: made")]
    public static partial void PoolMade(this ILogger logger, string pool);

    [LoggerMessage(301, LogLevel.Debug, "pool {Pool}: removed")]
    public static partial void PoolRemoved(this ILogger logger, string pool);

    [LoggerMessage(302, LogLevel.Information, "database {Database}: paused")]
    public static partial void DatabasePaused(this ILogger logger, string database);

    [LoggerMessage(303, LogLevel.Information, "database {Database}: resumed")]
    public static partial void DatabaseResumed(this ILogger logger, string database);

    [LoggerMessage(304, LogLevel.Warning, "pool {Pool}: {Count} clients waited longer than query_wait_timeout")]
    public static partial void WaitersTimedOut(this ILogger logger, string pool, int count);

    /// <summary>PgBouncer's words behind the pool's name.</summary>
    [LoggerMessage(305, LogLevel.Warning, "pool {Pool}: taking connection from reserve_pool")]
    public static partial void ReserveTaken(this ILogger logger, string pool);

    /// <summary>For <c>log_stats</c>, each <c>stats_period</c>. PgBouncer's text and order.</summary>
    [LoggerMessage(306, LogLevel.Information, "stats: {TransactionsPerSecond} xacts/s, {QueriesPerSecond} queries/s, {ClientParsesPerSecond} client parses/s, {ServerParsesPerSecond} server parses/s, {BindsPerSecond} binds/s, in {ReceivedBytesPerSecond} B/s, out {SentBytesPerSecond} B/s, xact {TransactionMicroseconds} us, query {QueryMicroseconds} us, wait {WaitMicroseconds} us")]
    public static partial void Stats(
        this ILogger logger, long transactionsPerSecond, long queriesPerSecond, long clientParsesPerSecond, long serverParsesPerSecond, long bindsPerSecond,
        long receivedBytesPerSecond, long sentBytesPerSecond, long transactionMicroseconds, long queryMicroseconds, long waitMicroseconds);

    /// <summary>PgBouncer's text.</summary>
    [LoggerMessage(308, LogLevel.Warning, "dropping database '{Database}' as it does not exist anymore or inactive auto-database")]
    public static partial void AutoDatabaseDropped(this ILogger logger, string database);

    [LoggerMessage(309, LogLevel.Debug, "pool {Pool}: forgotten, nobody has used it for long")]
    public static partial void PoolForgotten(this ILogger logger, string pool);

    [LoggerMessage(307, LogLevel.Error, "the janitor's turn broke off")]
    public static partial void JanitorFault(this ILogger logger, Exception exception);
}
