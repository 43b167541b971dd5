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
    protected override Task<ConsoleAnswer> ExecuteAsync(ConsoleRequest request)
    {
        if (Read(request, out var error) is not { } entry)
        {
            return Failed(error!);
        }

        var registry = request.View.Shared.Revocations.Registry;
        return registry.TryRemove(entry.Key) ? Done() : Failed(registry.Snapshot.File.Find(entry.Key) is null ? ConsoleErrors.NoSuchRevocation : ConsoleErrors.RevocationInFile);
    }
}
