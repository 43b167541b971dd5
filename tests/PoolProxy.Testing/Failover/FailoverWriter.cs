using System.Diagnostics;
using Npgsql;

namespace PoolProxy.Testing.Failover;

/// <summary>One client that writes a row after the other, each in a transaction of its own, and remembers which were acknowledged and how long each took.</summary>
internal sealed class FailoverWriter(string connectionString, int number, string table)
{
    /// <summary>The rows whose commit was acknowledged.</summary>
    public List<long> Acknowledged { get; } = [];

    /// <summary>What was answered instead, with the moment.</summary>
    public List<(long At, string SqlState)> Errors { get; } = [];

    /// <summary>Logins beyond the first: how often the connection was lost with its server.</summary>
    public int Reconnects { get; private set; }

    /// <summary>The longest time that one row took, errors before it included.</summary>
    public TimeSpan LongestStall { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        NpgsqlConnection? connection = null;
        long since = Stopwatch.GetTimestamp();
        try
        {
            for (long row = 0; !stop.IsCancellationRequested; row++)
            {
                try
                {
                    if (connection is not { State: System.Data.ConnectionState.Open })
                    {
                        Reconnects += connection is null ? 0 : 1;
                        connection?.Dispose();
                        connection = new NpgsqlConnection(connectionString);
                        await connection.OpenAsync(CancellationToken.None);
                    }

                    await using var insert = new NpgsqlCommand($"insert into {table} values ({number}, {row})", connection) { CommandTimeout = 0 };
                    await insert.ExecuteNonQueryAsync(CancellationToken.None);
                    Acknowledged.Add(row);
                    TimeSpan took = Stopwatch.GetElapsedTime(since);
                    LongestStall = took > LongestStall ? took : LongestStall;
                    since = Stopwatch.GetTimestamp();
                }
                catch (NpgsqlException failure)
                {
                    Errors.Add((Stopwatch.GetTimestamp(), failure.SqlState ?? "lost"));
                }
            }
        }
        finally
        {
            connection?.Dispose();
        }
    }
}
