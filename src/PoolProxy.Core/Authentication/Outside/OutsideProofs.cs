using Microsoft.Extensions.Logging;

namespace PoolProxy.Core.Authentication.Outside;

/// <summary>What login methods ask outside of the process: one for all loops, so that its bounds are the proxy's. Each is made when it is first needed.</summary>
internal sealed class OutsideProofs(ILogger log)
{
    private readonly Lazy<BlockingCalls> _directories = new(static () => new BlockingCalls("ldap", maxThreads: 16, maxWaiting: 256));
    private readonly Lazy<BlockingCalls> _pam = new(static () => new BlockingCalls("pam", maxThreads: 1, maxWaiting: 128));
    private readonly Lazy<BlockingCalls> _accounts = new(static () => new BlockingCalls("accounts", maxThreads: 4, maxWaiting: 256));

    public ILogger Log { get; } = log;

    /// <summary>Directories, for ldap.</summary>
    public BlockingCalls Directories => _directories.Value;

    /// <summary>PAM: one at a time, as PgBouncer asks it, because not every module can be asked on two threads at once.</summary>
    public BlockingCalls Pam => _pam.Value;

    /// <summary>The system's users, for peer.</summary>
    public BlockingCalls Accounts => _accounts.Value;
}
