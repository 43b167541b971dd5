using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>The login is a member of what it serves, and of nothing else: each further role is one that any client of it can become.</summary>
internal sealed class MembershipCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the login is a member of what it serves, and of nothing else";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var findings = new List<Finding>();
        var held = await Membership.ReadAsync(examination);
        foreach (var name in examination.Upstream.Roles)
        {
            if (examination.Roles.TryGetValue(name, out var role) && !role.IsWithinReach && !held.Exists(membership => membership.Role == name))
            {
                findings.Add(Finding.Fault(
                    $"login \"{examination.Upstream.Login}\" is not a member of role \"{name}\"", "It cannot take the role, and nobody who needs it is served.", Grant(examination, name)));
            }
        }

        foreach (var membership in held.Where(membership => !examination.Upstream.RolesOfLogin.Contains(membership.Role)))
        {
            findings.Add(Finding.Fault(
                $"login \"{examination.Upstream.Login}\" is a member of \"{membership.Role}\", which it does not serve",
                "Every client of the login can become that role by SET ROLE.",
                $"REVOKE {SqlText.Name(membership.Role)} FROM {examination.LoginName}{membership.By} CASCADE;"));
        }

        return findings;
    }

    /// <summary>The statement that makes the login a member, without inheritance.</summary>
    public static string Grant(Examination examination, string role) =>
        $"GRANT {SqlText.Name(role)} TO {examination.LoginName}{(examination.VersionNumber >= 160000 ? " WITH INHERIT FALSE, SET TRUE" : "")};";
}
