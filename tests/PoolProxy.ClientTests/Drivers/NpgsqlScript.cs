using System.Data;
using Npgsql;
using NpgsqlTypes;
using PoolProxy.ClientTests.Targets;
using PoolProxy.Testing;

namespace PoolProxy.ClientTests.Drivers;

/// <summary>What the foreign drivers' scripts do, with Npgsql: the same steps, each with the same name.</summary>
internal sealed class NpgsqlScript(Target target)
{
    private const string Large = "select i, repeat(chr(97 + i % 26), 1000) from generate_series(1, 10000) i";
    private const string CountNaps = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like '%pg_sleep%' and pid <> pg_backend_pid()";
    private static readonly byte[] AllBytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    /// <summary>Runs all steps.</summary>
    public async Task RunAsync()
    {
        await using NpgsqlConnection one = await OpenAsync();
        await using NpgsqlConnection two = await OpenAsync();
        await CrudAsync(one);
        await TransactionsAsync(one);
        await PreparedAsync(one, two);
        await AutomaticallyPreparedAsync();
        await BinaryAsync(one);
        await BatchesAsync(one);
        await LargeAsync(one);
        await CopyAsync(one);
        await CancelAsync(one, two);
        await PooledAsync();
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(target.Npgsql().ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task CrudAsync(NpgsqlConnection one)
    {
        await ExecuteAsync(one, "drop table if exists item; create table item (id int primary key, name text, raw bytea)");
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(1, await ExecuteAsync(one, "insert into item values ($1, $2, $3)", i, $"näme {i}", AllBytes));
        }
        Assert.Equal(10, await ExecuteAsync(one, "update item set name = $1 where id < $2", "new", 10));
        Assert.Equal(10, await ExecuteAsync(one, "delete from item where id >= 90"));
        Assert.Equal("näme 33", await ScalarAsync(one, "select name from item where id = $1", 33));
        Assert.Equal(AllBytes, await ScalarAsync(one, "select raw from item where id = $1", 3));
    }

    private static async Task TransactionsAsync(NpgsqlConnection one)
    {
        await using (NpgsqlTransaction transaction = await one.BeginTransactionAsync(IsolationLevel.Serializable))
        {
            await ExecuteAsync(one, "delete from item");
            await transaction.RollbackAsync();
        }
        Assert.Equal(90L, await ScalarAsync(one, "select count(*) from item"));

        await using (NpgsqlTransaction transaction = await one.BeginTransactionAsync())
        {
            await ExecuteAsync(one, "insert into item (id) values (1000)");
            await transaction.SaveAsync("s");
            await RefusedAsync(PostgresErrorCodes.UniqueViolation, () => ExecuteAsync(one, "insert into item (id) values ($1)", 1000));
            await transaction.RollbackAsync("s");
            await ExecuteAsync(one, "insert into item (id) values (1002)");
            await transaction.CommitAsync();
        }
        Assert.Equal(new[] { 1000, 1002 }, await ScalarAsync(one, "select array_agg(id order by id) from item where id >= 1000"));

        await using (NpgsqlTransaction transaction = await one.BeginTransactionAsync())
        {
            await RefusedAsync(PostgresErrorCodes.DivisionByZero, () => ScalarAsync(one, "select 1 / $1", 0));
            await RefusedAsync(PostgresErrorCodes.InFailedSqlTransaction, () => ScalarAsync(one, "select 1"));
            await transaction.RollbackAsync();
        }
        Assert.Equal(7, await ScalarAsync(one, "select 7"));
    }

    private static async Task PreparedAsync(NpgsqlConnection one, NpgsqlConnection two)
    {
        await using var statement = new NpgsqlCommand("select name || ($1 + 1) from item where id = $2", one)
        {
            Parameters = { new NpgsqlParameter<int>(), new NpgsqlParameter<int> { TypedValue = 1 } },
        };
        await statement.PrepareAsync();
        for (int i = 0; i < 8; i++)
        {
            // Somebody else holds a server on every second turn, so that the statement meets both servers of the pool.
            await using NpgsqlTransaction? held = i % 2 == 1 ? await two.BeginTransactionAsync() : null;
            await ScalarAsync(two, "select 1");
            ((NpgsqlParameter<int>)statement.Parameters[0]).TypedValue = i;
            Assert.Equal($"new{i + 1}", await statement.ExecuteScalarAsync());
        }
        // Unprepare sends Close.
        await statement.UnprepareAsync();
        Assert.Equal("new8", await statement.ExecuteScalarAsync());
    }

    private async Task AutomaticallyPreparedAsync()
    {
        // From the second use on it prepares by itself, and has room for three: further ones take the place of the oldest.
        NpgsqlConnectionStringBuilder settings = target.Npgsql();
        settings.MaxAutoPrepare = 3;
        settings.AutoPrepareMinUsages = 2;
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync();
        for (int round = 0; round < 4; round++)
        {
            for (int i = 0; i < 6; i++)
            {
                Assert.Equal(round + i, await ScalarAsync(connection, $"select $1 + {i}", round));
                Assert.Equal(round + i, await ScalarAsync(connection, $"select $1 + {i}", round));
            }
        }
    }

    private static async Task BinaryAsync(NpgsqlConnection one)
    {
        var id = Guid.NewGuid();
        var time = new DateTime(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc);
        await using var command = new NpgsqlCommand("select $1, $2, $3, $4, $5, $6", one);
        foreach (object value in new object[] { 1L << 40, 0.1, AllBytes, id, time, new[] { 1, 2, 3 } })
        {
            command.Parameters.AddWithValue(value);
        }
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        Assert.Equal(1L << 40, reader.GetInt64(0));
        Assert.Equal(0.1, reader.GetDouble(1));
        Assert.Equal(AllBytes, reader.GetFieldValue<byte[]>(2));
        Assert.Equal(id, reader.GetGuid(3));
        Assert.Equal(time, reader.GetDateTime(4));
        Assert.Equal([1, 2, 3], reader.GetFieldValue<int[]>(5));
    }

    private static async Task BatchesAsync(NpgsqlConnection one)
    {
        await using var batch = new NpgsqlBatch(one);
        for (int i = 0; i < 300; i++)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into item (id, name) values ($1, 'batched')") { Parameters = { new NpgsqlParameter<int> { TypedValue = 2000 + i } } });
        }
        Assert.Equal(300, await batch.ExecuteNonQueryAsync());
        // One Sync for all: the good ones go with the bad one.
        await using var bad = new NpgsqlBatch(one);
        foreach (int id in new[] { 3000, 2000, 3001 })
        {
            bad.BatchCommands.Add(new NpgsqlBatchCommand("insert into item (id, name) values ($1, 'batched')") { Parameters = { new NpgsqlParameter<int> { TypedValue = id } } });
        }
        await RefusedAsync(PostgresErrorCodes.UniqueViolation, () => bad.ExecuteNonQueryAsync());
        // A Sync behind each: only the bad one is lost.
        bad.EnableErrorBarriers = true;
        await RefusedAsync(PostgresErrorCodes.UniqueViolation, () => bad.ExecuteNonQueryAsync());
        Assert.Equal(302L, await ScalarAsync(one, "select count(*) from item where name = 'batched'"));
    }

    private static async Task LargeAsync(NpgsqlConnection one)
    {
        await using var command = new NpgsqlCommand(Large, one);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess);
        long total = 0;
        while (await reader.ReadAsync())
        {
            total += reader.GetString(1).Length;
        }
        Assert.Equal(10_000_000, total);
    }

    private static async Task CopyAsync(NpgsqlConnection one)
    {
        await ExecuteAsync(one, "drop table if exists copied; create table copied (id int, name text)");
        await using (NpgsqlBinaryImporter importer = await one.BeginBinaryImportAsync("copy copied from stdin (format binary)"))
        {
            for (int i = 0; i < 30_000; i++)
            {
                await importer.StartRowAsync();
                await importer.WriteAsync(i, NpgsqlDbType.Integer);
                await importer.WriteAsync($"line {i}", NpgsqlDbType.Text);
            }
            Assert.Equal(30_000UL, await importer.CompleteAsync());
        }
        // Left without Complete: CopyFail.
        await using (NpgsqlBinaryImporter importer = await one.BeginBinaryImportAsync("copy copied from stdin (format binary)"))
        {
            await importer.StartRowAsync();
            await importer.WriteAsync(-1, NpgsqlDbType.Integer);
            await importer.WriteAsync("never", NpgsqlDbType.Text);
        }
        using (TextReader reader = await one.BeginTextExportAsync("copy (select * from copied order by id) to stdout"))
        {
            string[] lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(30_000, lines.Length);
            Assert.Equal("12345\tline 12345", lines[12345]);
        }
        // An export that is broken off is cancelled by the driver.
        await using (NpgsqlBinaryExporter exporter = await one.BeginBinaryExportAsync($"copy ({Large}) to stdout (format binary)"))
        {
            Assert.Equal(2, await exporter.StartRowAsync());
            Assert.Equal(1, await exporter.ReadAsync<int>());
        }
        Assert.Equal(30_000L, await ScalarAsync(one, "select count(*) from copied"));
    }

    private static async Task CancelAsync(NpgsqlConnection one, NpgsqlConnection two)
    {
        using var cancellation = new CancellationTokenSource();
        await using var command = new NpgsqlCommand("select pg_sleep(60)", one);
        Task nap = command.ExecuteNonQueryAsync(cancellation.Token);
        await WaitFor.EqualAsync<object?>(1L, () => ScalarAsync(two, CountNaps));
        await cancellation.CancelAsync();
        OperationCanceledException error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => nap);
        Assert.Equal(PostgresErrorCodes.QueryCanceled, Assert.IsType<PostgresException>(error.InnerException).SqlState);
        Assert.Equal(5, await ScalarAsync(one, "select 5"));
    }

    private async Task PooledAsync()
    {
        // Each reopening sends the pool's reset ahead of the first statement.
        NpgsqlConnectionStringBuilder settings = target.Npgsql(pooling: true);
        settings.MaxPoolSize = 8;
        await using NpgsqlDataSource pool = NpgsqlDataSource.Create(settings);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            await using NpgsqlConnection connection = await pool.OpenConnectionAsync();
            await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
            Assert.Equal(i, await ScalarAsync(connection, "select $1", i));
            await transaction.CommitAsync();
        }));
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using NpgsqlCommand command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using NpgsqlCommand command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (object value in values)
        {
            command.Parameters.AddWithValue(value);
        }
        return command;
    }

    private static async Task RefusedAsync(string state, Func<Task> step) =>
        Assert.Equal(state, (await Assert.ThrowsAsync<PostgresException>(step)).SqlState);
}
