using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

// HTTP has the ids 650 to 699; the highest in use is 653. Paths are those of our routes, never what was asked for: headers, bodies and queries stay unsaid.
internal static partial class Log
{
    [LoggerMessage(650, LogLevel.Information, "http: listening on {Addresses}, TLS {Tls}")]
    public static partial void HttpListening(this ILogger logger, string addresses, string tls);

    [LoggerMessage(651, LogLevel.Debug, "{Address} http: {Route} answered {Status}")]
    public static partial void HttpAnswered(this ILogger logger, string address, string route, int status);

    [LoggerMessage(652, LogLevel.Error, "{Address} http: {Route} failed")]
    public static partial void HttpFailed(this ILogger logger, Exception exception, string address, string route);

    /// <summary>The old certificate stays in use.</summary>
    [LoggerMessage(653, LogLevel.Error, "http: the certificate cannot be read again, and the one before stays: {Reason}")]
    public static partial void HttpCertificateStays(this ILogger logger, string reason);
}
