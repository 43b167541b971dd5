using System.Collections.Concurrent;
using Xunit;

namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>One place per version, level and kind of pool for the attacks of a class, which run one after the other; each is made by the first that asks.</summary>
public sealed class EscapePlaces : IAsyncLifetime
{
    private readonly ConcurrentDictionary<(int Major, string Level, PoolKind Kind), Lazy<Task<EscapePlace>>> _places = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (Lazy<Task<EscapePlace>> place in _places.Values)
        {
            await (await place.Value).DisposeAsync();
        }
    }

    internal Task<EscapePlace> OfAsync(int major, string level, PoolKind kind) => _places.GetOrAdd(
        (major, level, kind), static key => new Lazy<Task<EscapePlace>>(() => EscapePlace.StartAsync(key.Major, key.Level, key.Kind))).Value;
}
