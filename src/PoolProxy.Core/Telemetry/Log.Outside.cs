using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Telemetry;

// What login methods ask outside of the process has the ids 150 to 159 of the clients' range.
internal static partial class Log
{
    /// <summary>Nobody can log in by ldap as long as this lasts; never with a password.</summary>
    [LoggerMessage(150, LogLevel.Warning, "ldap: {Problem}")]
    public static partial void LdapProblem(this ILogger logger, string problem);

    /// <summary>Nobody can log in by pam as long as this lasts; never with a password.</summary>
    [LoggerMessage(151, LogLevel.Warning, "pam: {Problem}")]
    public static partial void PamProblem(this ILogger logger, string problem);
}
