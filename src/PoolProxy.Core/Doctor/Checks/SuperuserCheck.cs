namespace PoolProxy.Core.Doctor.Checks;

/// <summary>A login that is a superuser. Looked at without isolation too: a mistake of one client is then no smaller than the server.</summary>
internal sealed class SuperuserCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "the login is no superuser";

    /// <inheritdoc/>
    public override bool AppliesTo(Upstream upstream) => true;

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination) => !examination.Login.IsSuperuser ? Found() : Found(new Finding(
        examination.Upstream.UnsafeLevel, $"login \"{examination.Upstream.Login}\" is a superuser",
        "Whoever sends SQL through it owns the server, whatever role the transaction began as.")
    {
        Sql = [$"ALTER ROLE {examination.LoginName} NOSUPERUSER;"],
    });
}
