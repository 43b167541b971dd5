using PoolProxy.ClientTests.Drivers;
using PoolProxy.ClientTests.Running;

namespace PoolProxy.ClientTests.People;

/// <summary>Any driver can hand over a token as its password, and two people who use it at the same time on one server connection see their own rows.</summary>
public sealed class TokenTests
{
    [Fact]
    public Task Psycopg_3_keeps_two_people_apart() => KeepsApartAsync(Driver.Psycopg3);

    [Fact]
    public Task Psycopg_2_keeps_two_people_apart() => KeepsApartAsync(Driver.Psycopg2);

    [Fact]
    public Task Asyncpg_keeps_two_people_apart_over_its_pools_reset() => KeepsApartAsync(Driver.Asyncpg);

    [Fact]
    public Task Node_postgres_keeps_two_people_apart() => KeepsApartAsync(Driver.NodePg);

    [Fact]
    public Task Postgres_js_keeps_two_people_apart() => KeepsApartAsync(Driver.PostgresJs);

    [Fact]
    public Task PgJdbc_keeps_two_people_apart() => KeepsApartAsync(Driver.Pgjdbc);

    [Fact]
    public Task Lib_pq_keeps_two_people_apart() => KeepsApartAsync(Driver.LibPq);

    [Fact]
    public Task Dbd_pg_keeps_two_people_apart() => KeepsApartAsync(Driver.DbdPg);

    [Fact]
    public Task Php_pgsql_keeps_two_people_apart() => KeepsApartAsync(Driver.PhpPgsql);

    [Fact]
    public Task Ruby_pg_keeps_two_people_apart() => KeepsApartAsync(Driver.RubyPg);

    [Fact]
    public async Task Psql_keeps_two_people_apart()
    {
        await using PeopleStage stage = await PeopleStage.OpenAsync();
        await Task.WhenAll(stage.People.Select(async person =>
        {
            string script = string.Concat(Enumerable.Repeat("select string_agg(title, '|' order by id) from documents;\n", 20));
            ProgramRun run = await person.Target.TellLibpq(new ForeignProgram(PostgresPrograms.Find("psql"), ["-XAt"], "Debian's postgresql-client") { Input = script }).RunWellAsync();
            Assert.Equal(string.Concat(Enumerable.Repeat(person.Titles + "\n", 20)), run.Output);
        }));
    }

    private static async Task KeepsApartAsync(Driver driver)
    {
        await using PeopleStage stage = await PeopleStage.OpenAsync();
        await Task.WhenAll(stage.People.Select(async person => Assert.Equal(["person"], await driver.RunAsync(person.Target, person.Titles))));
    }
}
