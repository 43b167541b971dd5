using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Doctor.Checks;

/// <summary>Roles that the login can become and that stand above isolation: with them the login is as unsafe as if it had the power itself.</summary>
internal sealed class ReachablePowerCheck : Check
{
    /// <inheritdoc/>
    public override string Praise => "no role within the login's reach stands above isolation";

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<Finding>> RunAsync(Examination examination)
    {
        var dangers = LoginDangers.Read(await examination.QueryAsync(LoginDangers.Question), examination.Upstream.Login);
        return dangers.FindAll(danger => !danger.IsLogin).ConvertAll(danger => new Finding(
            examination.Upstream.UnsafeLevel, $"login \"{examination.Upstream.Login}\": {danger}", "Every client of the login can become that role, and with it go past roles and policies.")
        {
            Sql = [danger.Repair],
        });
    }
}
