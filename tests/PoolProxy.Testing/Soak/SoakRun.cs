using System.Diagnostics;

namespace PoolProxy.Testing.Soak;

/// <summary>
/// Hundreds of identities, each allowed only rows with its own tag, over few servers, with intruders, cancels, disconnects, errors, reloads and killed
/// servers mixed in. Counts the statements, and the violations: rows, roles, marks, notices of somebody else, and rows that should be there and are not.
/// </summary>
public static class SoakRun
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(10);

    /// <summary>Runs one to its end.</summary>
    public static async Task<SoakCounts> RunAsync(SoakOptions options, TextWriter output)
    {
        await using SoakWorld world = await SoakWorld.StartAsync(options);
        using var stop = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var tasks = new List<Task>();
        for (int i = 0; i < options.People; i++)
        {
            var person = new SoakPerson(world, world.TagOf(i), RoleOf(i), new Random((options.Seed * 10_007) + i));
            tasks.Add(Task.Run(() => person.LiveAsync(stop.Token)));
        }
        for (int i = 0; i < options.Intruders; i++)
        {
            var intruder = new SoakIntruder(world, $"intruder{i}", RoleOf(i), new Random((options.Seed * 20_011) + i));
            tasks.Add(Task.Run(() => intruder.LiveAsync(stop.Token)));
        }
        var troubles = new SoakTroubles(world, options, new Random(options.Seed));
        tasks.Add(Task.Run(() => troubles.MakeAsync(stop.Token)));

        TimeSpan reported = TimeSpan.Zero;
        int shown = 0;
        while (world.Counts.Statements < options.Statements && clock.Elapsed < options.Longest)
        {
            await Task.Delay(Beat);
            foreach (string example in world.Counts.Examples.Skip(shown))
            {
                shown++;
                await output.WriteLineAsync(FormattableString.Invariant($"{clock.Elapsed:hh\\:mm\\:ss}  VIOLATION {example}"));
            }
            if (clock.Elapsed - reported > ReportEvery)
            {
                reported = clock.Elapsed;
                await output.WriteLineAsync(FormattableString.Invariant($"{clock.Elapsed:hh\\:mm\\:ss}  {world.Counts.Statements,12:N0} statements  {world.Counts.Violations:N0} violations"));
            }
        }
        await stop.CancelAsync();
        await Task.WhenAll(tasks);
        TimeSpan elapsed = clock.Elapsed;
        await CountMarksAsync(world);
        await output.WriteLineAsync(world.Counts.Report(elapsed));
        return world.Counts;
    }

    private static string RoleOf(int number) => number % 2 == 0 ? SoakWorld.RoleOfEven : SoakWorld.RoleOfOdd;

    private static async Task CountMarksAsync(SoakWorld world)
    {
        long all = 0;
        long wrong = 0;
        await WaitFor.TrueAsync(
            async () =>
            {
                try
                {
                    (all, wrong) = await world.MarksAsync();
                    return true;
                }
                // PostgreSQL is recovering from the last kill.
                catch (Npgsql.NpgsqlException)
                {
                    return false;
                }
            });
        for (long i = 0; i < all; i++)
        {
            world.Counts.Event("marks");
        }
        for (long i = 0; i < wrong; i++)
        {
            world.Counts.Violation("a mark of one carries the claims, signature or role of another");
        }
    }
}
