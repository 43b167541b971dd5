using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Authentication.Pam;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// auth_type = "pam": the machine's PAM is asked whether the password is the user's, under PgBouncer's service name. Whom it proves is let in, in auth_file or not; as in PgBouncer.
/// </summary>
internal sealed class PamMethod(UserDirectory users, PamService service, OutsideProofs outside) : ILoginMethod
{
    public string Name => "pam";

    public bool AsksUsers => false;

    public ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        var host = exchange.Channel.Connection.RemoteEndPoint?.Address.ToString() ?? "unix";
        return AskedOutside.RunAsync(exchange, users, outside.Pam, "pam_busy", password => service.Check(exchange.User, password, host), outside.Log.PamProblem);
    }
}
