using PoolProxy.Core.Authentication.Ldap;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>auth_type = "ldap": a directory is asked whether the password is the user's.</summary>
internal sealed class LdapMethod(UserDirectory users, LdapDirectory directory, OutsideProofs outside) : AskedOutside(users, outside.Directories)
{
    public override string Name => "ldap";

    protected override OutsideAnswer Check(string user, string host, ReadOnlySpan<byte> password) => directory.Check(user, password);

    protected override void Report(string problem) => outside.Log.LdapProblem(problem);
}
