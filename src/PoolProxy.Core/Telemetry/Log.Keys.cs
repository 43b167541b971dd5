using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

// Issuers' keys have the ids 450 to 459; the highest in use is 453. Never a key, a token or a document.
internal static partial class Log
{
    [LoggerMessage(450, LogLevel.Information, "issuer \"{Issuer}\": {KeyCount} keys, {IgnoredCount} entries left out")]
    public static partial void KeysChanged(this ILogger logger, string issuer, int keyCount, int ignoredCount);

    [LoggerMessage(451, LogLevel.Warning, "issuer \"{Issuer}\": its keys could not be had. {Fault}")]
    public static partial void KeysFetchFailed(this ILogger logger, string issuer, string fault);

    [LoggerMessage(452, LogLevel.Error, "issuer \"{Issuer}\": fetching its keys broke off")]
    public static partial void KeysFetchBroke(this ILogger logger, string issuer, Exception exception);

    [LoggerMessage(453, LogLevel.Warning, "issuer \"{Issuer}\": it could not be asked about a token. {Fault}")]
    public static partial void IntrospectionFailed(this ILogger logger, string issuer, string fault);
}
