using PoolProxy.Identity.Keys;

namespace PoolProxy.Core.Authentication.Keys;

/// <summary>Of an issuer that signs no tokens: a set without keys, at once.</summary>
internal sealed class NoKeySource : IKeySource
{
    public TimeSpan PollInterval => TimeSpan.FromDays(1);

    public TimeSpan ForcedInterval => TimeSpan.FromDays(1);

    public Task<KeyFetch> FetchAsync(CancellationToken cancellation) => Task.FromResult(KeyFetch.Of(KeySet.Empty));

    public void Dispose()
    {
    }
}
