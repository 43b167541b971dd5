using Microsoft.Extensions.Logging;
using PoolProxy.Configuration;

namespace PoolProxy.Core.Telemetry;

// Configuration and the audit trail have the ids 500 to 599; the highest in use is 509.
internal static partial class Log
{
    [LoggerMessage(500, LogLevel.Information, "configuration read from {File}")]
    public static partial void ConfigurationRead(this ILogger logger, string file);

    /// <summary>One record a fault, with file, line and column in its text.</summary>
    [LoggerMessage(501, LogLevel.Error, "{Fault}")]
    public static partial void ConfigurationFaulty(this ILogger logger, ConfigurationFault fault);

    [LoggerMessage(502, LogLevel.Error, "reload of {File} refused with {FaultCount} faults: the running configuration stays")]
    public static partial void ReloadRefused(this ILogger logger, string file, int faultCount);

    [LoggerMessage(503, LogLevel.Information, "reload of {File}: {Changes}")]
    public static partial void Reloaded(this ILogger logger, string file, string changes);

    [LoggerMessage(504, LogLevel.Warning, "{Setting} changes at the next start only")]
    public static partial void SettingNeedsRestart(this ILogger logger, string setting);

    [LoggerMessage(505, LogLevel.Error, "file {File}, named by {Setting}, cannot be read: {Reason}")]
    public static partial void NamedFileUnreadable(this ILogger logger, string file, string setting, string reason);

    [LoggerMessage(506, LogLevel.Error, "the audit trail cannot be written to {Target}: {Reason}")]
    public static partial void AuditUnwritable(this ILogger logger, string target, string reason);

    [LoggerMessage(507, LogLevel.Warning, "{Setting}: {Warning}")]
    public static partial void ConfigurationWarning(this ILogger logger, string setting, string warning);

    [LoggerMessage(509, LogLevel.Information, "{Note}")]
    public static partial void ConfigurationNote(this ILogger logger, ConfigurationFault note);

    [LoggerMessage(508, LogLevel.Error, "{Count} records of the audit trail are lost: they could not be written before the end")]
    public static partial void AuditRecordsLost(this ILogger logger, long count);
}
