using PoolProxy.Core.Authentication.Ldap;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// auth_type = "ldap": a directory is asked whether the password is the user's. Whom it proves is let in, in auth_file or not; as in PgBouncer.
/// </summary>
internal sealed class LdapMethod(UserDirectory users, LdapDirectory directory, OutsideProofs outside) : ILoginMethod
{
    public string Name => "ldap";

    public bool AsksUsers => false;

    public ValueTask<LoginResult> RunAsync(LoginExchange exchange) =>
        AskedOutside.RunAsync(exchange, users, outside.Directories, "ldap_busy", password => directory.Check(exchange.User, password), outside.Log.LdapProblem);
}
