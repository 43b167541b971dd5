using PoolProxy.Core.Authentication.Revocation;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Telemetry;
using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Takes orders of revocation and carries them out: from when one is in the registry nobody covered by it logs in or begins a transaction; then every loop
/// ends the sessions that it covers, with what they are running. Orders that come while sessions are being looked at are carried out together. Any thread.
/// </summary>
internal sealed class Revocations(SharedServices shared, RevocationRegistry registry)
{
    private readonly Lock _gate = new();
    private Task<int>? _running;
    private Task<int>? _waiting;
    private Task<string?>? _saving;
    private Task<string?>? _toSave;

    /// <summary>What holds.</summary>
    public RevocationRegistry Registry => registry;

    /// <summary>How long an order holds that does not say so; zero for as long as nobody takes it back.</summary>
    public TimeSpan Keep { get; set; }

    /// <summary>When an order ends that is given now and does not say so.</summary>
    public DateTimeOffset UntilByDefault(DateTimeOffset now) => Keep > TimeSpan.Zero ? now + Keep : DateTimeOffset.MaxValue;

    /// <summary><c>state_file</c>; empty for none.</summary>
    public string StateFile { get; set; } = "";

    /// <summary>Takes orders and carries them out; answers how many sessions were ended, or null where the list is full and none was taken.</summary>
    public async Task<int?> RevokeAsync(params RevocationEntry[] entries) => registry.TryAdd(entries) ? await EnforceAsync() : null;

    /// <summary>Writes the orders to the state file, where there is one; null, or why that failed. Those who come at once share one writing.</summary>
    public Task<string?> SaveAsync()
    {
        if (StateFile.Length == 0)
        {
            return Task.FromResult<string?>(null);
        }

        lock (_gate)
        {
            var before = _saving;
            return _toSave ??= Task.Run(() => SaveAfterAsync(before));
        }
    }

    /// <summary>Ends every session that an order covers; answers how many there were.</summary>
    public Task<int> EnforceAsync()
    {
        lock (_gate)
        {
            // Not the one under way: it may have passed a session by that a later order covers.
            var before = _running;
            return _waiting ??= Task.Run(() => SweepAfterAsync(before));
        }
    }

    /// <summary>Why a session may not go on; null where it may.</summary>
    public ProxyError? Find(SessionProof? proof) => proof?.Facts is { } facts && registry.Find(facts) is not null ? ProxyErrors.TokenRevoked : null;

    private async Task<string?> SaveAfterAsync(Task<string?>? before)
    {
        if (before is not null)
        {
            await Task.WhenAny(before);
        }

        lock (_gate)
        {
            (_saving, _toSave) = (_toSave, null);
        }

        var path = StateFile;
        var fault = RevocationFiles.WriteState(path, registry.Snapshot.Orders.At(TimeProvider.System.GetUtcNow()));
        if (fault is not null)
        {
            shared.Log.RevocationStateUnwritable(path, fault);
        }

        return fault;
    }

    private async Task<int> SweepAfterAsync(Task<int>? before)
    {
        if (before is not null)
        {
            // However it went: sessions that it has not come to are looked at now.
            await Task.WhenAny(before);
        }

        lock (_gate)
        {
            (_running, _waiting) = (_waiting, null);
        }

        return await SessionSweep.RunAsync(shared, session => Find(session.Proof));
    }
}
