using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

// Tokens have the ids 400 to 449 (issuers' keys from 450: Log.Keys.cs); the highest in use is 408. A token is named by issuer, subject and jti, never shown.
internal static partial class Log
{
    /// <summary>Which check refused a token; the client was told only that the login failed.</summary>
    [LoggerMessage(400, LogLevel.Information, "{Client} token refused: issuer={Issuer} subject={Subject} jti={TokenId} check={Check}")]
    public static partial void TokenRefused(this ILogger logger, object client, string issuer, string subject, string tokenId, string check);

    [LoggerMessage(401, LogLevel.Debug, "{Client} token accepted: issuer={Issuer} subject={Subject} jti={TokenId} rule={Rule} role={Role}")]
    public static partial void TokenAccepted(
        this ILogger logger, object client, string issuer, string subject, string tokenId, string rule, string role);

    [LoggerMessage(402, LogLevel.Information, "{Client} token expired: issuer={Issuer} subject={Subject} jti={TokenId}")]
    public static partial void TokenExpired(this ILogger logger, object client, string issuer, string subject, string tokenId);

    /// <summary>A token that was shown in the midst of a session: "accepted", or which check failed.</summary>
    [LoggerMessage(403, LogLevel.Information, "{Client} showed a fresh token: issuer={Issuer} subject={Subject} jti={TokenId} check={Check}")]
    public static partial void TokenShown(this ILogger logger, object client, string issuer, string subject, string tokenId, string check);

    [LoggerMessage(404, LogLevel.Information, "revocation file read: {Path}: {Count} orders, {Ended} sessions ended")]
    public static partial void RevocationFileRead(this ILogger logger, string path, int count, int ended);

    /// <summary>What it held before stays in force.</summary>
    [LoggerMessage(405, LogLevel.Error, "revocation file cannot be used, what it held before stays: {Path}: {Fault}")]
    public static partial void RevocationFileStays(this ILogger logger, string path, string fault);

    /// <summary>The orders hold, and will not outlive the process.</summary>
    [LoggerMessage(406, LogLevel.Error, "revocations cannot be written to the state file: {Path}: {Fault}")]
    public static partial void RevocationStateUnwritable(this ILogger logger, string path, string fault);

    [LoggerMessage(407, LogLevel.Information, "security event of issuer {Issuer}: {Kind}, jti={TokenId}, {Orders} orders, {Ended} sessions ended")]
    public static partial void SecurityEventTaken(this ILogger logger, string issuer, string kind, string tokenId, int orders, int ended);

    [LoggerMessage(408, LogLevel.Warning, "security event refused from {Address}: issuer={Issuer}: {Fault}: {Description}")]
    public static partial void SecurityEventRefused(this ILogger logger, string address, string issuer, string fault, string description);
}
