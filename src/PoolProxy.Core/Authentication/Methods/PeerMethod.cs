using PoolProxy.Configuration.Hba;
using PoolProxy.Core.Authentication.Outside;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// <c>peer</c>: the system's user at the other end of the Unix socket, as the kernel knows it, is the user, or a map says that it may be. The user must be known, as in PgBouncer.
/// </summary>
internal sealed class PeerMethod(UserDirectory users, IdentMap? map, Memberships memberships, OutsideProofs outside) : ILoginMethod
{
    public string Name => "peer";

    public bool IsProvenByKernel => true;

    public bool NeedsSecret => false;

    public async ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        if (exchange.Channel.Connection.ReadPeerCredentials() is not { } peer)
        {
            return LoginResult.Refused(exchange.Refusal, "peer_unknown");
        }

        if (outside.Accounts.TryRun(() => SystemAccounts.NameOf(peer.UserId)) is not { } asked)
        {
            return LoginResult.Refused(exchange.Refusal, "peer_busy") with { IsNoFailure = true };
        }

        var name = await asked;
        var reason = name is null ? "peer_unknown"
            : !users.Knows(exchange) ? "unknown_user"
            : !(map?.Admits(name, exchange.User, memberships) ?? name == exchange.User) ? "peer_mismatch" : null;
        return reason is null ? UserLogin.Granted(users, exchange) : LoginResult.Refused(exchange.Refusal, reason);
    }
}
