using Npgsql;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.Testing.Failover;

/// <summary>A primary and a streaming standby with synchronous commit: what the one has acknowledged, the other has.</summary>
public sealed class FailoverPair : IAsyncDisposable
{
    private static readonly string[] HbaLines = ["local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"];

    private FailoverPair(PostgresCluster primary, PostgresCluster standby)
    {
        Primary = primary;
        Standby = standby;
    }

    /// <summary>The one that began as the primary.</summary>
    public PostgresCluster Primary { get; }

    /// <summary>The one that began as its standby.</summary>
    public PostgresCluster Standby { get; }

    /// <summary>Both hosts as lines of [databases.X], the first the primary.</summary>
    public string HostLines => $"""
        host = ["127.0.0.1", "127.0.0.1"]
        port = [{Primary.Port}, {Standby.Port}]
        """;

    /// <summary>Starts both; returns when a commit waits for both.</summary>
    public static async Task<FailoverPair> StartAsync(PostgresWish wish = default)
    {
        PostgresCluster primary = await PostgresCluster.StartAsync(new PostgresClusterOptions
        {
            Wish = wish,
            HbaLines = HbaLines,
            Settings = new Dictionary<string, string> { ["wal_keep_size"] = "512MB" },
        });
        PostgresCluster? standby = null;
        try
        {
            standby = await PostgresCluster.StartAsync(new PostgresClusterOptions { StandbyOf = primary, HbaLines = HbaLines });
            await WaitFor.EqualAsync<string?>("streaming", () => primary.QueryAsync<string>("select state from pg_stat_replication"), Deadlines.Step * 2);
            primary.Settings["synchronous_standby_names"] = "*";
            await primary.ReloadAsync();
            await WaitFor.EqualAsync<string?>("sync", () => primary.QueryAsync<string>("select sync_state from pg_stat_replication"), Deadlines.Step * 2);
            return new FailoverPair(primary, standby);
        }
        catch
        {
            if (standby is not null)
            {
                await standby.DisposeAsync();
            }

            await primary.DisposeAsync();
            throw;
        }
    }

    /// <summary>The primary dies and the standby takes over after a while, as a supervisor would have it.</summary>
    public async Task FailOverAsync(TimeSpan hesitation)
    {
        await Primary.StopServerAsync(PostgresStop.Immediate);
        await Task.Delay(hesitation);
        await Standby.PromoteAsync();
    }

    /// <summary>The old primary comes back as if nothing had happened, and waits for nobody with its commits.</summary>
    public async Task BringBackOldPrimaryAsync()
    {
        Primary.Settings.Remove("synchronous_standby_names");
        await Primary.StartServerAsync();
    }

    /// <summary>How many rows a table has on a cluster.</summary>
    public static async Task<long> CountAsync(PostgresCluster cluster, string table)
    {
        await using NpgsqlConnection connection = await cluster.OpenAsync();
        await using var command = new NpgsqlCommand($"select count(*) from {table}", connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }
}
