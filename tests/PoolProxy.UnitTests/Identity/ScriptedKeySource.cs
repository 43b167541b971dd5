using PoolProxy.Core.Authentication.Keys;
using PoolProxy.Identity.Keys;

namespace PoolProxy.UnitTests.Identity;

/// <summary>A source that answers what the test says, counts how often it was asked, and can hold answers back.</summary>
internal sealed class ScriptedKeySource : IKeySource
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _hold;
    private int _fetches;

    public KeyFetch Next { get; set; } = KeyFetch.Failed("Down.");

    public int Fetches => Volatile.Read(ref _fetches);

    public bool IsDisposed { get; private set; }

    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan ForcedInterval { get; init; } = TimeSpan.FromSeconds(30);

    public void Answer(KeySet keys) => Next = KeyFetch.Of(keys);

    public void Fail() => Next = KeyFetch.Failed("Down.");

    /// <summary>Holds every answer back until <see cref="LetGo"/>.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void LetGo()
    {
        lock (_gate)
        {
            _hold!.SetResult();
            _hold = null;
        }
    }

    public async Task<KeyFetch> FetchAsync(CancellationToken cancellation)
    {
        Task hold;
        lock (_gate)
        {
            _fetches++;
            hold = _hold?.Task ?? Task.CompletedTask;
        }

        await hold.WaitAsync(cancellation);
        return Next;
    }

    public void Dispose() => IsDisposed = true;
}
