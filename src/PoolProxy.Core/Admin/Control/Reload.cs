using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Admin.Control;

/// <summary>RELOAD: reads the file again; all of it comes into force, or nothing does and F0000 says why, fault by fault.</summary>
internal sealed class Reload : ControlCommand
{
    private const int MaxShownFaults = 20;

    /// <inheritdoc/>
    public override string Name => "RELOAD";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (request.Argument.Length > 0)
        {
            return ConsoleAnswer.Failed(ConsoleErrors.InvalidCommand($"{Name} {request.Argument}"));
        }

        var outcome = await request.View.Control.ReloadAsync();
        return outcome.Faults.Count == 0 ? ConsoleAnswer.Done(Name) : ConsoleAnswer.Failed(ConsoleErrors.ReloadFailed(string.Join('\n', outcome.Faults.Take(MaxShownFaults))));
    }
}
