using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

// The console and the process have the ids 600 to 699; the highest in use is 611.
internal static partial class Log
{
    /// <summary>A command that changes something. Its text is the administrator's, and SET can hold no secret.</summary>
    [LoggerMessage(600, LogLevel.Information, "{Client} console: {Command}")]
    public static partial void ConsoleCommand(this ILogger logger, object client, string command);

    [LoggerMessage(601, LogLevel.Warning, "{Client} console: refused without admin access: {Command}")]
    public static partial void ConsoleRefused(this ILogger logger, object client, string command);

    [LoggerMessage(602, LogLevel.Information, "process up: PoolProxy {Version}, {Engine}, TLS {Tls}, {Threads} threads")]
    public static partial void ProcessUp(this ILogger logger, string version, string engine, string tls, int threads);

    /// <summary>PgBouncer's text for SIGTERM, SIGINT and SIGQUIT.</summary>
    [LoggerMessage(603, LogLevel.Information, "got {Signal}, {Reaction}")]
    public static partial void SignalReceived(this ILogger logger, string signal, string reaction);

    [LoggerMessage(604, LogLevel.Information, "server connections dropped, exiting")]
    public static partial void ServersDropped(this ILogger logger);

    [LoggerMessage(605, LogLevel.Information, "client connections dropped, exiting")]
    public static partial void ClientsDropped(this ILogger logger);

    [LoggerMessage(606, LogLevel.Information, "process down")]
    public static partial void ProcessDown(this ILogger logger);

    [LoggerMessage(607, LogLevel.Critical, "cannot start: {Reason}")]
    public static partial void CannotStart(this ILogger logger, string reason);

    /// <summary>What was found while starting, before there was a log.</summary>
    [LoggerMessage(609, LogLevel.Warning, "{Note}")]
    public static partial void StartNote(this ILogger logger, string note);

    [LoggerMessage(610, LogLevel.Information, "another process has taken over the listening sockets, shutting down, waiting for all clients disconnect")]
    public static partial void HandingOver(this ILogger logger);

    [LoggerMessage(611, LogLevel.Information, "took over the listening sockets, the old process goes when its clients have gone")]
    public static partial void TookOver(this ILogger logger);

    [LoggerMessage(608, LogLevel.Error, "a fault in the proxy")]
    public static partial void ProcessFault(this ILogger logger, Exception exception);
}
