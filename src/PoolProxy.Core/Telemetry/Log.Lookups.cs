using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

// Lookups of users have the ids 180 to 189; the highest in use is 185. {Pool} is "database/auth_user". What auth_query answers is never logged.
internal static partial class Log
{
    [LoggerMessage(180, LogLevel.Warning, "pool {Pool}: user {User} could not be looked up: {Reason}")]
    public static partial void LookupFailed(this ILogger logger, string pool, string user, string reason);

    /// <summary>PgBouncer's text.</summary>
    [LoggerMessage(181, LogLevel.Warning, "{Client} authentication database \"{Database}\" is not configured or is the console: user {User} cannot be looked up")]
    public static partial void LookupHasNoDatabase(this ILogger logger, object client, string database, string user);

    [LoggerMessage(182, LogLevel.Debug, "{Client} looks up user {User} in pool {Pool}")]
    public static partial void LookupBegins(this ILogger logger, object client, string user, string pool);

    [LoggerMessage(183, LogLevel.Warning, "pool {Pool}: the SCRAM verifier of user {User} is malformed or has too many iterations: no password lets it in")]
    public static partial void LookupFoundUnusableVerifier(this ILogger logger, string pool, string user);

    [LoggerMessage(184, LogLevel.Warning, "pool {Pool}: auth_query answered the name {User} with another user, {Found}: that is nobody")]
    public static partial void LookupFoundAnother(this ILogger logger, string pool, string user, string found);

    [LoggerMessage(185, LogLevel.Warning, "database {Database} is not asked about users: {Count} databases of the fallback that never let anybody in are being asked already")]
    public static partial void LookupsHaveNoRoom(this ILogger logger, string database, int count);
}
