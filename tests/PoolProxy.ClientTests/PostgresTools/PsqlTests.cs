using PoolProxy.ClientTests.Drivers;
using PoolProxy.ClientTests.Running;
using PoolProxy.ClientTests.Targets;
using PoolProxy.Testing;

namespace PoolProxy.ClientTests.PostgresTools;

public sealed class PsqlTests
{
    private const string CountNaps = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' and query like '%pg_sleep(60)%' and pid <> pg_backend_pid()";

    [Fact]
    public async Task Psql_prints_the_same_with_and_without_a_proxy()
    {
        string script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Scripts", "psql.sql"));
        var printed = new Dictionary<Way, ProgramRun>();
        foreach (Way way in new[] { Way.Direct, Way.Proxy })
        {
            await using Stage stage = await Stage.OpenAsync(way, tls: false);
            // -f, so that errors come with the lines that they stand on.
            printed[way] = await stage.Target.TellLibpq(Psql(["-aef", "-"], script)).RunWellAsync();
        }
        Assert.Equal(printed[Way.Direct].Output, printed[Way.Proxy].Output);
        Assert.Equal(printed[Way.Direct].Errors, printed[Way.Proxy].Errors);
    }

    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public async Task Ctrl_C_cancels_what_psql_waits_for_and_its_transaction_is_gone(Way way)
    {
        await using Stage stage = await Stage.OpenAsync(way, poolSize: 1, tls: false);
        const string script = """
            create table trace (line text);
            begin;
            insert into trace values ('never committed');
            select pg_sleep(60);
            """;
        ForeignProgram psql = Psql(["-At"], script, async processId =>
        {
            await WaitFor.EqualAsync(1L, () => stage.Database.QueryAsync<long>(CountNaps));
            await new ForeignProgram("/bin/kill", ["-INT", processId.ToString()], "Debian's procps").RunWellAsync();
        });
        ProgramRun run = await stage.Target.TellLibpq(psql).RunAsync();
        // A script that was stopped by Ctrl-C: psql leaves, inside of its failed transaction.
        Assert.Equal(3, run.Status);
        Assert.Contains("ERROR:  canceling statement due to user request", run.Errors, StringComparison.Ordinal);
        ProgramRun next = await stage.Target.TellLibpq(Psql(["-Atc", "select count(*) from trace", "-c", "insert into trace values ('next')"])).RunWellAsync();
        Assert.Equal("0\nINSERT 0 1\n", next.Output);
        Assert.Equal(0, await stage.Database.QueryAsync<long>(CountNaps));
    }

    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public async Task A_hundred_megabytes_of_rows_arrive_whole(Way way)
    {
        await using Stage stage = await Stage.OpenAsync(way, tls: false);
        var count = new ByteCount();
        // COPY, so that psql passes rows on instead of keeping them all.
        ForeignProgram psql = Psql(["-c", "copy (select repeat(chr(97 + i % 26), 999) from generate_series(1, 100000) i) to stdout"], reader: count.ReadAsync);
        await stage.Target.TellLibpq(psql).RunWellAsync();
        Assert.Equal(100_000_000, count.LengthBytes);
        Assert.Equal(100_000, count.Lines);
    }

    [Theory, MemberData(nameof(DriverChecks.Ways), MemberType = typeof(DriverChecks))]
    public async Task A_hundred_megabytes_of_rows_go_in_by_COPY(Way way)
    {
        await using Stage stage = await Stage.OpenAsync(way);
        await stage.Database.ExecuteAsync($"create unlogged table big (line text); alter table big owner to {ClientClusters.Guest}");
        using var folder = new TemporaryFolder();
        string file = folder.Combine("lines");
        await using (StreamWriter writer = File.CreateText(file))
        {
            for (int i = 0; i < 100_000; i++)
            {
                await writer.WriteAsync(new string((char)('a' + (i % 26)), 999) + "\n");
            }
        }
        ProgramRun run = await stage.Target.TellLibpq(Psql(["-c", $"\\copy big from '{file}'"])).RunWellAsync();
        Assert.Equal("COPY 100000\n", run.Output);
        Assert.Equal(99_900_000, await stage.Database.QueryAsync<long>("select sum(length(line)) from big"));
    }

    private static ForeignProgram Psql(string[] arguments, string input = "", Func<int, Task>? meanwhile = null, Func<Stream, Task>? reader = null) =>
        new(PostgresPrograms.Find("psql"), ["-X", .. arguments], "Debian's postgresql-client") { Input = input, Meanwhile = meanwhile, OutputReader = reader };
}
