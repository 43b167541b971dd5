using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>The roles that transactions run as: there, and no way in of their own.</summary>
internal sealed class RoleCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "every role exists, and none can log in by itself";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var findings = new List<Finding>();
        foreach (var name in examination.Upstream.Roles)
        {
            if (!examination.Roles.TryGetValue(name, out var role))
            {
                findings.Add(Finding.Fault(
                    $"role \"{name}\" does not exist", "Rules give it, and everybody who gets it fails at the first statement.",
                    $"CREATE ROLE {SqlText.Name(name)} NOLOGIN;", MembershipCheck.Grant(examination, name)));
            }
            else if (role.CanLogIn)
            {
                findings.Add(Finding.Warning(
                    $"role \"{name}\" can log in", "With a password or a line in pg_hba.conf it is a door beside the proxy.", $"ALTER ROLE {SqlText.Name(name)} NOLOGIN;"));
            }
        }

        return Found(findings);
    }
}
