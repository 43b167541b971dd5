using Npgsql;
using PoolProxy.ClientTests.Targets;

namespace PoolProxy.ClientTests.People;

/// <summary>
/// When a connection comes back from Npgsql's pool, the driver sends a reset ahead of the first statement: DISCARD ALL, or its parts where
/// it has prepared statements to keep. Neither may take the person away, or bring another's.
/// </summary>
public sealed class NpgsqlPoolTests
{
    private const string Own = "select string_agg(title, '|' order by id) from documents where id > $1";
    private const int Rounds = 20;

    [Fact]
    public Task DISCARD_ALL_from_the_pool_leaves_the_person_in_place() => TakeTurnsAsync(prepare: false, _ => { });

    [Fact]
    public Task The_parts_of_DISCARD_ALL_leave_the_person_and_the_prepared_statements_in_place() => TakeTurnsAsync(prepare: true, _ => { });

    [Fact]
    public Task Statements_that_Npgsql_prepares_by_itself_outlive_its_pools_reset() => TakeTurnsAsync(prepare: false, settings =>
    {
        settings.MaxAutoPrepare = 10;
        settings.AutoPrepareMinUsages = 2;
    });

    [Fact]
    public async Task Multiplexing_and_many_tasks_keep_two_people_apart()
    {
        await using PeopleStage stage = await PeopleStage.OpenAsync();
        await Task.WhenAll(stage.People.Select(async person =>
        {
            await using NpgsqlDataSource pool = Pool(person.Target, settings =>
            {
                settings.Multiplexing = true;
                settings.MaxPoolSize = 3;
            });
            string?[] seen = await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
            {
                await using NpgsqlCommand command = pool.CreateCommand(Own);
                command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = 0 });
                return (string?)await command.ExecuteScalarAsync();
            }));
            Assert.Equal(person.Titles, Assert.Single(seen.Distinct()));
        }));
    }

    private static async Task TakeTurnsAsync(bool prepare, Action<NpgsqlConnectionStringBuilder> configure)
    {
        await using PeopleStage stage = await PeopleStage.OpenAsync();
        // One after the other, so that the one server connection changes hands at every turn, and both at once.
        NpgsqlDataSource[] pools = [.. stage.People.Select(person => Pool(person.Target, configure))];
        try
        {
            for (int round = 0; round < Rounds; round++)
            {
                for (int i = 0; i < pools.Length; i++)
                {
                    await LookAsync(pools[i], stage.People[i].Titles, prepare);
                }
            }
            await Task.WhenAll(pools.Select(async (pool, i) =>
            {
                for (int round = 0; round < Rounds; round++)
                {
                    await LookAsync(pool, stage.People[i].Titles, prepare);
                }
            }));
        }
        finally
        {
            foreach (NpgsqlDataSource pool in pools)
            {
                await pool.DisposeAsync();
            }
        }
    }

    private static NpgsqlDataSource Pool(Target target, Action<NpgsqlConnectionStringBuilder> configure)
    {
        NpgsqlConnectionStringBuilder settings = target.Npgsql(pooling: true);
        settings.MaxPoolSize = 1;
        configure(settings);
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>Borrows a connection and looks twice: right behind the reset, and inside a transaction.</summary>
    private static async Task LookAsync(NpgsqlDataSource pool, string titles, bool prepare)
    {
        await using NpgsqlConnection connection = await pool.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(Own, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = 0 } } };
        if (prepare)
        {
            await command.PrepareAsync();
        }
        Assert.Equal(titles, await command.ExecuteScalarAsync());
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        Assert.Equal(titles, await command.ExecuteScalarAsync());
        await transaction.CommitAsync();
    }
}
