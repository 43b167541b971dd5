using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Admin.Control;

/// <summary>UNREVOKE: takes back the order about exactly this; of "before" any time. 42704 where there is none, or the file gives it.</summary>
internal sealed class Unrevoke(IReadOnlyList<RevocationWord> words) : RevocationCommand(words)
{
    /// <inheritdoc/>
    public override string Name => "UNREVOKE";

    /// <inheritdoc/>
    protected override async Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (Read(request, out var error) is not { } entry)
        {
            return ConsoleAnswer.Failed(error!);
        }

        var revocations = request.View.Shared.Revocations;
        var registry = revocations.Registry;
        if (registry.TryRemove(entry.Key))
        {
            return await revocations.SaveAsync() is { } fault ? ConsoleAnswer.Done(Name, ConsoleErrors.RevocationUnsaved(fault)) : ConsoleAnswer.Done(Name);
        }

        return ConsoleAnswer.Failed(registry.Snapshot.File.Find(entry.Key) is null ? ConsoleErrors.NoSuchRevocation : ConsoleErrors.RevocationInFile);
    }
}
