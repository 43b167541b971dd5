namespace PoolProxy.Core.Doctor.Checks;

/// <summary>A login with INHERIT: before 16 it has all rights of its role without SET ROLE; from 16 on memberships that come later would begin so.</summary>
internal sealed class InheritCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the login is NOINHERIT";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination) => !examination.Login.Inherits ? Found() : Found(new Finding(
        examination.VersionNumber < 160000 ? FindingLevel.Fault : FindingLevel.Warning,
        $"login \"{examination.Upstream.Login}\" is INHERIT",
        examination.VersionNumber < 160000
            ? "Behind SET ROLE NONE it keeps the rights of its role, where no claims and no settings of the role are in place."
            : "Inheritance belongs to each membership from PostgreSQL 16 on, but those that are granted from now on begin with it.")
    {
        Sql = [$"ALTER ROLE {examination.LoginName} NOINHERIT;"],
    });
}
