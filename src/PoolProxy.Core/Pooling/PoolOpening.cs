using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Pooling;

/// <summary>One server being opened, on the loop that the place was given to. Its place is given back if that fails.</summary>
internal sealed class PoolOpening(Pool pool, PoolDirectory directory, int epoch)
{
    /// <summary>A server that says it is only starting or recovering is asked again this soon.</summary>
    private static readonly TimeSpan TransientRetry = TimeSpan.FromMilliseconds(250);

    public async Task RunAsync()
    {
        var target = pool.Config.Target;
        try
        {
            var server = await directory.Opener.OpenAsync(target, pool);
            if (server.IsClosed)
            {
                throw new ServerLoginException("the server closed the connection behind its login");
            }

            pool.Admit(server, epoch);
        }
        catch (ServerLoginException failure)
        {
            if (failure.Tampered is { } found)
            {
                pool.TamperedLogins++;
                pool.Log.UndeclaredSetting(pool.Key.ToString(), 0, found.Settings, found.Repair);
            }
            else if (failure.Unsafe is { } unsafeLogin)
            {
                pool.Log.UnsafeLogin(pool.Key.ToString(), unsafeLogin.Dangers, unsafeLogin.Repair);
            }
            else
            {
                pool.Log.ServerLoginFailed(target.ToString(), failure.Message);
            }

            var retry = pool.Config.ServerLoginRetry;
            retry = failure.IsTransient && retry > TransientRetry ? TransientRetry : retry;
            pool.State.LoginFailed(epoch, pool.Loop.NowMilliseconds + (long)retry.TotalMilliseconds, failure.Unsafe is null ? null : LoginErrors.UnsafeLogin);
            foreach (var part in pool.State.Parts)
            {
                part.Upkeep.LoginFailedSoon();
            }

            directory.RoomMade(pool);
        }
    }
}
