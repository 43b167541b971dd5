using PoolProxy.Testing;
using PoolProxy.Testing.Console;
using PoolProxy.Testing.Wire;

namespace PoolProxy.ClientTests.Consoles;

/// <summary>
/// Each SHOW beside PgBouncer's own: Debian's, which runs here and is older, and the columns of 1.25. Whoever reads by name finds every name; whoever reads by position finds
/// 1.25's, with ours behind them.
/// </summary>
public sealed class ConsoleColumnTests
{
    /// <summary>Settings that mean nothing here: conf/pgbouncer.md says why of each.</summary>
    private static readonly string[] NotShown = ["conffile", "job_name", "pkt_buf", "sbuf_loopcnt"];

    [Fact]
    public async Task Every_SHOW_has_the_columns_of_the_PgBouncer_that_runs_here_and_of_the_newest_by_name_order_and_type()
    {
        await using DebianPgBouncer debian = await DebianPgBouncer.StartAsync();
        await using RawClient theirs = await debian.ConsoleAsync();
        await using ConsoleStage stage = await ConsoleStage.OpenAsync();
        await using RawClient ours = await stage.Proxy.LoginAsync(stage.Console.User, "pgbouncer", stage.Console.Password);
        var unlike = new List<string>();
        foreach ((string noun, string newest) in PgBouncerColumns.Of)
        {
            string[] own = (await ConsoleDescription.OfAsync(ours, noun)).Split(' ');
            string[] expected = newest.Split(' ');
            if (!own.Take(expected.Length).SequenceEqual(expected))
            {
                unlike.Add($"SHOW {noun}: {string.Join(' ', own)}; PgBouncer 1.25 has {newest}");
            }
            if (await DescribeOldAsync(theirs, noun) is { } old && !IsWithin(old, own))
            {
                unlike.Add($"SHOW {noun}: {string.Join(' ', own)}; the PgBouncer here has {string.Join(' ', old)}");
            }
        }
        Assert.True(unlike.Count == 0, string.Join("\n", unlike));
    }

    [Fact]
    public async Task Every_SHOW_that_lists_names_has_the_names_of_the_PgBouncer_that_runs_here_in_its_order()
    {
        await using DebianPgBouncer debian = await DebianPgBouncer.StartAsync();
        await using RawClient theirs = await debian.ConsoleAsync();
        await using ConsoleStage stage = await ConsoleStage.OpenAsync();
        await using RawClient ours = await stage.Proxy.LoginAsync(stage.Console.User, "pgbouncer", stage.Console.Password);
        foreach ((string noun, string newest) in PgBouncerColumns.RowNames)
        {
            string[] own = await FirstColumnAsync(ours, noun);
            Assert.True(IsWithin(newest.Split(' '), own), $"SHOW {noun}: {string.Join(' ', own)}; PgBouncer has {newest}");
            string[] old = await FirstColumnAsync(theirs, noun);
            Assert.True(IsWithin(old, own), $"SHOW {noun}: {string.Join(' ', own)}; the PgBouncer here has {string.Join(' ', old)}");
        }
    }

    [Fact]
    public async Task Every_setting_that_the_PgBouncer_here_shows_is_shown_here()
    {
        await using DebianPgBouncer debian = await DebianPgBouncer.StartAsync();
        await using RawClient theirs = await debian.ConsoleAsync();
        await using ConsoleStage stage = await ConsoleStage.OpenAsync();
        await using RawClient ours = await stage.Proxy.LoginAsync(stage.Console.User, "pgbouncer", stage.Console.Password);
        string[] own = await FirstColumnAsync(ours, "config");
        string[] old = await FirstColumnAsync(theirs, "config");
        Assert.Subset(NotShown.ToHashSet(), old.Except(own).ToHashSet());
    }

    // Null where that PgBouncer is too old to know the command. A column of SHOW DATABASES has another name since.
    private static async Task<string[]?> DescribeOldAsync(RawClient console, string noun)
    {
        IReadOnlyList<WireMessage> messages = await console.QueryAsync("SHOW " + noun.ToUpperInvariant());
        return messages.Any(message => message.Name == "ErrorResponse" && message.ErrorText.StartsWith("invalid command", StringComparison.Ordinal))
            ? null
            : (await ConsoleDescription.OfAsync(console, noun)).Replace(" reserve_pool:", " reserve_pool_size:", StringComparison.Ordinal).Split(' ');
    }

    private static async Task<string[]> FirstColumnAsync(RawClient console, string noun) =>
        [.. (await console.QueryAsync("SHOW " + noun.ToUpperInvariant())).Where(message => message.Name == "DataRow").Select(message => message.Values[0]!)];

    // Everything of an older version is in ours, in its order.
    private static bool IsWithin(string[] old, string[] own)
    {
        int found = 0;
        foreach (string one in own)
        {
            if (found < old.Length && old[found] == one)
            {
                found++;
            }
        }
        return found == old.Length;
    }
}
