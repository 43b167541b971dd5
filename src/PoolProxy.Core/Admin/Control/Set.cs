using PoolProxy.Configuration.Catalogue;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Control;

/// <summary>
/// SET key = value: a setting of [proxy], changed as a RELOAD would change it, until the next RELOAD or restart. 55P02 for one that needs a
/// restart, 22023 for a value that it (or the rest of the configuration) does not take; then nothing has changed.
/// </summary>
internal sealed class Set(Setting<ProxySettings> setting, string value) : ControlCommand
{
    /// <inheritdoc/>
    public override string Name => "SET";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (!setting.IsChangeable)
        {
            return ConsoleAnswer.Failed(ConsoleErrors.SettingNeedsRestart(setting.Name));
        }

        var outcome = await request.View.Control.SetAsync(setting, value);
        return outcome.Faults.Count == 0 ? ConsoleAnswer.Done(Name) : ConsoleAnswer.Failed(ConsoleErrors.InvalidSettingValue(setting.Name, value, outcome.Faults[0]));
    }
}
