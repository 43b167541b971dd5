using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

/// <summary>What the proxy writes to its log. Loops and transport have the ids 700 to 799; the highest in use is 707.</summary>
internal static partial class Log
{
    [LoggerMessage(700, LogLevel.Error, "unexpected exception on loop {LoopIndex}")]
    public static partial void LoopFault(this ILogger logger, int loopIndex, Exception exception);

    [LoggerMessage(701, LogLevel.Warning, "accepting on {Endpoint} backs off: {Reason}")]
    public static partial void AcceptBacksOff(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(702, LogLevel.Information, "accepting on {Endpoint} again")]
    public static partial void AcceptContinues(this ILogger logger, string endpoint);

    [LoggerMessage(703, LogLevel.Error, "listener {Endpoint} is dead: {Reason}")]
    public static partial void ListenerDied(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(704, LogLevel.Information, "listening on {Endpoint}")]
    public static partial void Listening(this ILogger logger, string endpoint);

    [LoggerMessage(705, LogLevel.Warning, "left-over socket file {Path} was not removed: {Reason}")]
    public static partial void SocketFileKept(this ILogger logger, string path, string reason);

    [LoggerMessage(706, LogLevel.Information, "io_uring is not available here, the loops use epoll: {Reason}")]
    public static partial void UringUnavailable(this ILogger logger, string reason);

    [LoggerMessage(707, LogLevel.Warning, "listener {Endpoint}: the system refuses a tcp_* setting: {Reason}")]
    public static partial void ListenerNotTuned(this ILogger logger, string endpoint, string reason);
}
