using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>
/// How the login is a member of what it serves: with SET, without ADMIN, and from 16 on without INHERIT, which a NOINHERIT login can be given
/// by the membership alone.
/// </summary>
internal sealed class MembershipOptionsCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "memberships allow SET ROLE and nothing more";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination) =>
        [.. (await Membership.ReadAsync(examination)).Where(membership => examination.Upstream.RolesOfLogin.Contains(membership.Role)).SelectMany(membership => Of(examination, membership))];

    private static IEnumerable<Finding> Of(Examination examination, Membership membership)
    {
        var pair = $"login \"{examination.Upstream.Login}\" is a member of \"{membership.Role}\"";
        var role = SqlText.Name(membership.Role);
        if (membership.Inherits)
        {
            yield return Finding.Fault(
                $"{pair} WITH INHERIT TRUE", "Behind SET ROLE NONE it keeps the rights of its role, where no claims and no settings of the role are in place.",
                $"GRANT {role} TO {examination.LoginName} WITH INHERIT FALSE{membership.By};");
        }

        if (!membership.MaySet)
        {
            yield return Finding.Fault(
                $"{pair} WITH SET FALSE", "It cannot take the role, and nobody who needs it is served.",
                $"GRANT {role} TO {examination.LoginName} WITH SET TRUE{membership.By};");
        }

        if (membership.MayGrant)
        {
            yield return Finding.Fault(
                $"{pair} WITH ADMIN OPTION", "A client that goes back to the login by SET ROLE NONE can give the role to any other role.",
                $"REVOKE ADMIN OPTION FOR {role} FROM {examination.LoginName}{membership.By} CASCADE;");
        }
    }
}
