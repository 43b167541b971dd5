using PoolProxy.ClientTests.Drivers;
using PoolProxy.ClientTests.Running;

namespace PoolProxy.ClientTests.Consoles;

/// <summary>Who reads PgBouncer's console reads ours: psql, drivers with their default settings, and the tools that watch it.</summary>
public sealed class ConsoleReaderTests
{
    [Fact]
    public async Task Psql_reads_every_SHOW_and_runs_commands()
    {
        await using ConsoleStage stage = await ConsoleStage.OpenAsync();
        string[] commands = [.. Testing.Console.PgBouncerColumns.Of.Keys.Select(noun => $"SHOW {noun.ToUpperInvariant()};"), "RECONNECT;", "PAUSE app;", "RESUME app;", "RELOAD;", "SHOW HELP;"];
        ProgramRun run = await stage.Console.TellLibpq(
            new ForeignProgram(PostgresPrograms.Find("psql"), ["-X", "-a", "-v", "ON_ERROR_STOP=1"], "Debian's postgresql-client") { Input = string.Join("\n", commands) }).RunWellAsync();
        Assert.Contains("server_assignment_count", run.Output, StringComparison.Ordinal);
        Assert.Contains("Console usage", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public Task Psycopg_3_reads_it() => ReadsAsync(Driver.ConsolePsycopg3, ["pools", "stats", "lists", "version", "control"]);

    [Fact]
    public Task Psycopg_2_reads_it() => ReadsAsync(Driver.ConsolePsycopg2, ["autocommit", "transaction"]);

    [Fact]
    public Task Node_postgres_reads_it() => ReadsAsync(Driver.ConsoleNodePg, ["pools", "stats", "lists", "version", "control"]);

    [Fact]
    public Task PgJdbc_reads_it() => ReadsAsync(Driver.ConsolePgjdbc, ["extended", "simple"]);

    [Fact]
    public Task What_pgbouncer_exporter_asks_for_is_there() => ReadsAsync(Driver.ConsoleExporter, ["lists", "config", "databases", "stats_totals", "pools", "version"]);

    [Fact]
    public async Task Debians_exporter_exports_of_it_what_it_exports_of_the_PgBouncer_that_runs_here()
    {
        await using DebianPgBouncer debian = await DebianPgBouncer.StartAsync();
        IReadOnlyList<string> theirs = await Driver.ConsoleCollectors.RunAsync(debian.Console);
        await using ConsoleStage stage = await ConsoleStage.OpenAsync();
        IReadOnlyList<string> ours = await Driver.ConsoleCollectors.RunAsync(stage.Console);
        Assert.Equal(theirs.Where(IsOfAnyVersion), ours.Where(IsOfAnyVersion));
        Assert.Contains("lists pgbouncer_used_clients{}", ours);
        Assert.Contains("pools pgbouncer_waiting_clients{database,user}", ours);

        // It was made for PgBouncer 1.7: total_requests has gone with 1.8 (so that as a whole it comes up before none since), and reserve_pool has another name since 1.24.
        Assert.Contains("stats misses total_requests", theirs);
        Assert.Equal(["databases misses reserve_pool"], ours.Where(step => !IsOfAnyVersion(step)));

        static bool IsOfAnyVersion(string step) => !step.StartsWith("databases ", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pgb_pool_cl_active", "--warning=10", "--critical=20", "pgbouncer=1")]
    [InlineData("pgb_pool_cl_waiting", "--warning=10", "--critical=20", "pgbouncer=0")]
    [InlineData("pgb_pool_sv_active", "--warning=10", "--critical=20", "pgbouncer=0")]
    [InlineData("pgb_pool_sv_idle", "--warning=10", "--critical=20", "pgbouncer=0")]
    [InlineData("pgb_pool_sv_used", "--warning=10", "--critical=20", "pgbouncer=0")]
    [InlineData("pgb_pool_sv_tested", "--warning=10", "--critical=20", "pgbouncer=0")]
    [InlineData("pgb_pool_sv_login", "--warning=10", "--critical=20", "pgbouncer=0")]
    [InlineData("pgb_pool_maxwait", "--warning=10", "--critical=20", "pgbouncer=0")]
    [InlineData("pgbouncer_backends", "--warning=40", "--critical=45", "1 of 50 connections (2%)")]
    public async Task Check_postgres_reads_it(string action, string warning, string critical, string says)
    {
        await using ConsoleStage stage = await ConsoleStage.OpenAsync();
        ProgramRun run = await stage.Console.TellLibpq(new ForeignProgram("/usr/bin/check_postgres", ["--action=" + action, warning, critical], "Debian's check-postgres")).RunWellAsync();
        Assert.Contains(" OK: ", run.Output, StringComparison.Ordinal);
        Assert.Contains(says, run.Output, StringComparison.Ordinal);
    }

    private static async Task ReadsAsync(Driver driver, string[] steps)
    {
        await using ConsoleStage stage = await ConsoleStage.OpenAsync();
        Assert.Equal(steps, await driver.RunAsync(stage.Console));
    }
}
