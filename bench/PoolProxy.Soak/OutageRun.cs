using PoolProxy.Sandbox.Issuers;

namespace PoolProxy.Soak;

/// <summary>
/// An issuer is stopped under steady logins and rotates its keys twice meanwhile: half of the time its connections are cut, half of the time it takes them and never answers.
/// Whoever comes with a known key has to notice nothing; whoever comes with a new one is refused until the issuer is back, and banned for it never.
/// </summary>
internal static class OutageRun
{
    private static readonly string[] Phases = ["before", "cut off", "silent", "back"];

    /// <summary>Runs it; answers whether nobody with a known key was refused.</summary>
    public static async Task<bool> RunAsync(TimeSpan outage, double perSecond, TextWriter output)
    {
        await using OutageWorld world = await OutageWorld.StartAsync();
        IssuerKey known = world.Issuer.Key;
        string remembered = world.Token(known);
        OutageCrowd[] crowds =
        [
            new("known key, token seen before", perSecond, () => world.LoginAsync(remembered)),
            new("known key, new token", perSecond, () => world.LoginAsync(world.Token(known))),
            new("newest key", perSecond / 5, () => world.LoginAsync(world.Token(world.Issuer.Key))),
        ];
        using var stop = new CancellationTokenSource();
        Begin(Phases[0]);
        Task[] running = [.. crowds.Select(crowd => crowd.RunAsync(stop.Token))];
        await Task.Delay(outage / 10, CancellationToken.None);

        Begin(Phases[1]);
        world.Issuer.Fault = IssuerFault.Down;
        await Task.Delay(outage / 4, CancellationToken.None);
        world.Issuer.Rotate();
        await Task.Delay(outage / 4, CancellationToken.None);

        Begin(Phases[2]);
        world.Issuer.Fault = IssuerFault.Slow;
        await Task.Delay(outage / 4, CancellationToken.None);
        world.Issuer.Rotate();
        await Task.Delay(outage / 4, CancellationToken.None);

        world.Issuer.Fault = IssuerFault.None;
        Begin(Phases[3]);
        await Task.Delay(outage / 10, CancellationToken.None);
        await stop.CancelAsync();
        await Task.WhenAll(running);

        await output.WriteLineAsync("| phase | who | logins | refused | p50 ms | p99 ms | longest ms |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        string[] rows = [.. crowds.SelectMany(crowd => crowd.Rows(Phases))];
        foreach (string row in rows)
        {
            await output.WriteLineAsync(row);
        }

        return rows.Where(row => row.Contains("known key", StringComparison.Ordinal)).All(row => row.Split('|')[4].Trim() == "0");

        void Begin(string phase) => Array.ForEach(crowds, crowd => crowd.Phase = phase);
    }
}
