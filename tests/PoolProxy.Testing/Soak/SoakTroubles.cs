using Npgsql;
using PoolProxy.Sandbox;

namespace PoolProxy.Testing.Soak;

/// <summary>What is done to the proxy and its servers meanwhile: reloads, backends that are ended, and some that are killed.</summary>
internal sealed class SoakTroubles(SoakWorld world, SoakOptions options, Random chance)
{
    public async Task MakeAsync(CancellationToken stop)
    {
        for (int number = 1; options.TroubleInterval > TimeSpan.Zero; number++)
        {
            try
            {
                await Task.Delay(options.TroubleInterval, stop);
                if (options.KillEvery > 0 && number % options.KillEvery == 0)
                {
                    world.Cluster.KillBackend(await world.SomeServerAsync());
                    world.Counts.Event("kill -9");
                }
                else if (chance.Next(2) == 0)
                {
                    await world.ReloadAsync(number);
                    world.Counts.Event("reloads");
                }
                else
                {
                    await world.Cluster.TerminateBackendAsync(await world.SomeServerAsync(), stop);
                    world.Counts.Event("terminated");
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            // PostgreSQL is recovering from the last kill, or the backend was gone already.
            catch (Exception error) when (error is NpgsqlException or SandboxException or InvalidOperationException)
            {
                world.Counts.Event("troubles that came too late");
            }
        }
    }
}
