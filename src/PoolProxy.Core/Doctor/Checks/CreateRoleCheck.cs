namespace PoolProxy.Core.Doctor.Checks;

/// <summary>A login with CREATEROLE.</summary>
internal sealed class CreateRoleCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the login cannot create roles";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination) => !examination.Login.CanCreateRoles ? Found() : Found(new Finding(
        examination.Upstream.UnsafeLevel, $"login \"{examination.Upstream.Login}\" has CREATEROLE",
        "A client that goes back to the login by SET ROLE NONE can make roles and, before PostgreSQL 16, become almost any of them.")
    {
        Sql = [$"ALTER ROLE {examination.LoginName} NOCREATEROLE;"],
    });
}
