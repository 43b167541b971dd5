namespace PoolProxy.Core.Doctor.Checks;

/// <summary>A login with BYPASSRLS.</summary>
internal sealed class BypassRowSecurityCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "row-level security holds for the login";

    /// <inheritdoc/>
    public override Task<IReadOnlyList<Finding>> RunAsync(Examination examination) => !examination.Login.BypassesRowSecurity ? Found() : Found(new Finding(
        examination.Upstream.UnsafeLevel, $"login \"{examination.Upstream.Login}\" has BYPASSRLS",
        "No policy holds for it: what the login may read, it reads whole.")
    {
        Sql = [$"ALTER ROLE {examination.LoginName} NOBYPASSRLS;"],
    });
}
