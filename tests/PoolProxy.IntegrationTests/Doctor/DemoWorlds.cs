using System.Collections.Concurrent;
using PoolProxy.Core;
using PoolProxy.Core.Doctor;
using PoolProxy.Sandbox.Demo;
using PoolProxy.Sandbox.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Doctor;

/// <summary>A demo's world per version, for tests of one class, which run one after the other and leave it as it was.</summary>
public sealed class DemoWorlds : IAsyncLifetime
{
    private readonly ConcurrentDictionary<int, Lazy<Task<DemoWorld>>> _worlds = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (Lazy<Task<DemoWorld>> world in _worlds.Values)
        {
            await (await world.Value).DisposeAsync();
        }
    }

    internal Task<DemoWorld> OfAsync(int major) =>
        _worlds.GetOrAdd(major, static wished => new Lazy<Task<DemoWorld>>(() => DemoWorld.StartAsync(new DemoOptions { Wish = PostgresWish.Exactly(wished) }))).Value;

    /// <summary>What the doctor says about a configuration without faults.</summary>
    internal static async Task<DoctorReport> ExamineAsync(string file)
    {
        var faults = new List<string>();
        DoctorReport? report = await DoctorVisit.ExamineAsync(file, faults);
        Assert.Empty(faults);
        return report!;
    }

    /// <summary>Statements one by one, as the superuser in the demo's database: some refuse to share a message with others.</summary>
    internal static async Task RunAsync(DemoWorld world, IEnumerable<string> statements)
    {
        foreach (string statement in statements)
        {
            await world.Cluster.ExecuteAsync(statement, world.Scene.Database);
        }
    }
}
