using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Authentication.Pam;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>auth_type = "pam": the machine's PAM is asked whether the password is the user's, under PgBouncer's service name.</summary>
internal sealed class PamMethod(UserDirectory users, PamService service, OutsideProofs outside) : AskedOutside(users, outside.Pam)
{
    public override string Name => "pam";

    protected override OutsideAnswer Check(string user, string host, ReadOnlySpan<byte> password) => service.Check(user, password, host);

    protected override void Report(string problem) => outside.Log.PamProblem(problem);
}
