using System.Collections.Concurrent;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>One installation per version and level for the tests of a class, which run one after the other; each is made by the first that asks.</summary>
public sealed class SharedInstallations : IAsyncLifetime
{
    private readonly ConcurrentDictionary<(int Major, string Level), Lazy<Task<Installation>>> _installations = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (Lazy<Task<Installation>> installation in _installations.Values)
        {
            await (await installation.Value).DisposeAsync();
        }
    }

    internal Task<Installation> OfAsync(int major, string level) => _installations.GetOrAdd(
        (major, level),
        static key => new Lazy<Task<Installation>>(() => Installation.StartAsync(key.Major, InstallationOptions.Of(key.Level)))).Value;
}
