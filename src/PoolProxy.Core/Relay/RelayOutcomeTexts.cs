namespace PoolProxy.Core.Relay;

/// <summary>What the log says of a client's end where the client was told nothing: PgBouncer's text where it has one, because tools count lines by it.</summary>
internal static class RelayOutcomeTexts
{
    /// <summary>The text.</summary>
    public static string Text(this RelayOutcome outcome) => outcome switch
    {
        RelayOutcome.ClientTerminated => "client close request",
        RelayOutcome.ClientLost => "client unexpected eof",
        RelayOutcome.ClientViolation => "unknown pkt",
        RelayOutcome.ServerLost => "server conn crashed?",
        RelayOutcome.TimedOut => "timed out",
        RelayOutcome.TokenExpired => "the token has expired",
        RelayOutcome.Revoked => "the token has been revoked",
        RelayOutcome.Refused => "refused",
        RelayOutcome.NotificationsLost => "notifications lost",
        _ => "admin forced disconnect",
    };
}
