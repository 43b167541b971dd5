namespace PoolProxy.Core.Backend;

/// <summary>What the log says of a server's end: PgBouncer's text where it has one, because tools count lines by it.</summary>
internal static class CloseReasonTexts
{
    /// <summary>The text.</summary>
    public static string Text(this CloseReason reason) => reason switch
    {
        CloseReason.ServerLost => "server conn crashed?",
        CloseReason.ProtocolViolation => "unknown pkt from server",
        CloseReason.LifetimeOver => "server lifetime over",
        CloseReason.IdleTooLong => "server idle timeout",
        CloseReason.NotNeeded => "too many servers in the pool",
        CloseReason.ClientLeftUnfinished => "client disconnect while server was not ready",
        CloseReason.ClientTerminated => "client disconnected with query in progress",
        CloseReason.PreludeFailed => "var change failed",
        CloseReason.CheckFailed => "test query failed",
        CloseReason.ClientTimedOut => "query timeout",
        CloseReason.Administrator => "close_needed",
        CloseReason.Evicted => "evicted",
        CloseReason.LoginFailed => "login failed",
        CloseReason.ShuttingDown => "shutting down",
        _ => "pipeline broken",
    };
}
