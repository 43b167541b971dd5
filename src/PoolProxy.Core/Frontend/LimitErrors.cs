using PoolProxy.Core.Authentication.Limits;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Frontend;

/// <summary>What a client is told whom [limits] turns away.</summary>
internal static class LimitErrors
{
    /// <summary>The verdict is not Admitted.</summary>
    public static ProxyError Of(LimitVerdict verdict) => verdict == LimitVerdict.Banned ? LoginErrors.TooManyFailedLogins : LoginErrors.TooManyLogins;
}
