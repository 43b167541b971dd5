namespace PoolProxy.Core.Doctor.Checks;

/// <summary>A login with CREATEDB: no way to other rows, but to a full disk.</summary>
internal sealed class CreateDatabaseCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the login cannot create databases";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination) => !examination.Login.CanCreateDatabases ? Found() : Found(new Finding(
        FindingLevel.Warning, $"login \"{examination.Upstream.Login}\" has CREATEDB",
        "A client that goes back to the login by SET ROLE NONE can create databases, copy others that it may connect to, and fill the disk.")
    {
        Sql = [$"ALTER ROLE {examination.LoginName} NOCREATEDB;"],
    });
}
