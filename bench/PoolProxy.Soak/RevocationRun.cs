using System.Diagnostics;
using PoolProxy.Testing;

namespace PoolProxy.Soak;

/// <summary>
/// How long it takes from a revocation to the closed socket of a session that runs <c>select pg_sleep(60)</c>, while thousands of others are open: for each source that
/// can revoke. The time begins when the event is given: the command sent, the file renamed, the event pushed, the token made inactive at the issuer. It ends when
/// the client reads the end of its connection; the last column counts on until PostgreSQL runs the statement no more, as far as asking it again and again can tell.
/// </summary>
internal static class RevocationRun
{
    /// <summary>Runs it; answers whether each try ended within a second, but for the source that is asked once a second by itself.</summary>
    public static async Task<bool> RunAsync(int sessions, int tries, TextWriter output)
    {
        await using RevocationWorld world = await RevocationWorld.StartAsync();
        List<RawClient> crowd = [];
        try
        {
            string[] tokens = [.. Enumerable.Range(0, 50).Select(person => world.Issuer.Token($"person {person}").Build())];
            for (int i = 0; i < sessions; i++)
            {
                crowd.Add(await world.LoginAsync(tokens[i % tokens.Length]));
            }

            await using RawClient console = await world.ConsoleAsync();
            await output.WriteLineAsync($"{crowd.Count} sessions open, threads = 2\n\n| source | tries | p50 ms | p99 ms | longest ms | server p99 ms |\n| --- | ---: | ---: | ---: | ---: | ---: |");
            bool isFast = true;
            isFast &= await MeasureAsync("console", i => world.Issuer.Token($"c{i}").Build(), (i, _) => console.QueryAsync($"revoke sub 'c{i}'")) < 1000;
            isFast &= await MeasureAsync("file", i => world.Issuer.Token($"f{i}").Build(), (i, _) => ReplaceFileAsync(world.File, $"sub 'f{i}'\n")) < 1000;
            isFast &= await MeasureAsync("security event", i => world.Issuer.Token($"e{i}").Build(), (i, _) => world.Transmitter.SessionRevokedAsync($"e{i}")) < 1000;
            await MeasureAsync("introspection, ttl 0.5 s", i => world.Issuer.OpaqueToken($"o{i}"), (_, token) => Task.Run(() => world.Issuer.Opaque.Revoke(token)));
            return isFast;
        }
        finally
        {
            foreach (RawClient client in crowd)
            {
                await client.DisposeAsync();
            }
        }

        async Task<double> MeasureAsync(string source, Func<int, string> tokenOf, Func<int, string, Task> revoke)
        {
            var times = new List<double>();
            var serverTimes = new List<double>();
            for (int i = 0; i < tries; i++)
            {
                string token = tokenOf(i);
                await using RawClient victim = await world.LoginAsync(token);
                await victim.Query("select pg_sleep(60)").SendAsync();
                while (await world.SleepersAsync() == 0)
                {
                    await Task.Delay(1);
                }

                long start = Stopwatch.GetTimestamp();
                Task revoking = revoke(i, token);
                await victim.ReadToEndAsync();
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                while (await world.SleepersAsync() > 0)
                {
                    await Task.Delay(1);
                }

                serverTimes.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                await revoking;
            }

            times.Sort();
            serverTimes.Sort();
            await output.WriteLineAsync($"| {source} | {times.Count} | {At(times, 0.5):0.0} | {At(times, 0.99):0.0} | {times[^1]:0.0} | {At(serverTimes, 0.99):0.0} |");
            return times[^1];
        }
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];

    private static async Task ReplaceFileAsync(string file, string text)
    {
        await File.WriteAllTextAsync(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }
}
