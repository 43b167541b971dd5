using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Authentication.Outside;

/// <summary>What login methods ask outside of the process: one for all loops, so that its bounds are the proxy's.</summary>
internal sealed class OutsideProofs(ILogger log)
{
    public ILogger Log { get; } = log;

    /// <summary>Directories, for ldap.</summary>
    public BlockingCalls Directories { get; } = new("ldap", maxThreads: 16, maxWaiting: 256);

    /// <summary>PAM: one at a time, as PgBouncer asks it, because not every module can be asked on two threads at once.</summary>
    public BlockingCalls Pam { get; } = new("pam", maxThreads: 1, maxWaiting: 128);

    /// <summary>The system's users, for peer.</summary>
    public BlockingCalls Accounts { get; } = new("accounts", maxThreads: 4, maxWaiting: 256);
}
