using System.Globalization;
using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing.Failover;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.Soak;

/// <summary>A failover under load, told in figures.</summary>
internal static class FailoverReport
{
    /// <summary>Runs it; answers whether no acknowledged row was lost or went astray.</summary>
    public static async Task<bool> RunAsync(PostgresWish wish, int writers, int servers, TimeSpan calm, TimeSpan hesitation, TextWriter output)
    {
        await using FailoverPair pair = await FailoverPair.StartAsync(wish);
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => FailoverRun.Configuration(place, pair, servers));
        FailoverResult result = await FailoverRun.RunAsync(pair, proxy, writers, calm, hesitation);
        string[] rows =
        [
            "| what | |", "| --- | ---: |",
            $"| PostgreSQL | {pair.Primary.Binaries.Version} |",
            $"| clients, servers | {writers}, {servers} |",
            $"| acknowledged rows, those before the primary died | {result.Acknowledged}, {result.BeforeCount} |",
            $"| acknowledged rows that the new primary lacks | {result.Missing} |",
            $"| rows on the old primary since it came back | {result.Gone} |",
            $"| from the primary's death to its successor's first write, at best | {Milliseconds(result.Outage)} |",
            $"| longest stall of a client | {Milliseconds(result.LongestStall)} |",
            $"| errors | {(result.Errors.Count == 0 ? "0" : string.Join(", ", result.Errors.Select(error => $"{error.Value} of {error.Key}")))} |",
            $"| client connections lost | {result.Reconnects} |",
        ];
        foreach (string row in rows)
        {
            await output.WriteLineAsync(row);
        }

        return result is { Missing: 0, Gone: 0 };
    }

    private static string Milliseconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:F0} ms");
}
