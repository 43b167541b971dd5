using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin;
using PoolProxy.Core.Admin.Language;
using PoolProxy.Protocol.Errors;
using Xunit;

namespace PoolProxy.UnitTests.Admin;

public sealed class ParserTests
{
    [Theory]
    [InlineData("SHOW POOLS", "SHOW POOLS", "")]
    [InlineData("show Pools;", "SHOW POOLS", "")]
    [InlineData("SELECT stats", "SHOW STATS", "")]
    [InlineData("SHOW \"clients\"", "SHOW CLIENTS", "")]
    [InlineData("pause", "PAUSE", "")]
    [InlineData("PAUSE MyDb", "PAUSE", "MyDb")]
    [InlineData("PAUSE \"my-db\";", "PAUSE", "my-db")]
    [InlineData("KILL_CLIENT 17", "KILL_CLIENT", "17")]
    [InlineData("SHUTDOWN WAIT_FOR_CLIENTS", "SHUTDOWN", "WAIT_FOR_CLIENTS")]
    public void A_command_is_found_in_any_case_and_its_argument_keeps_its_own(string text, string name, string argument)
    {
        Assert.Null(Parser.TryParse(text, out var statements));
        var statement = Assert.Single(statements);
        Assert.Equal((name, argument), (statement.Command.Name, statement.Argument));
    }

    [Theory]
    [InlineData("SHOW")]
    [InlineData("SHOW NOTHING")]
    [InlineData("SHOW POOLS NOW")]
    [InlineData("PAUSE 'app'")]
    [InlineData("PAUSE a b")]
    [InlineData("INSERT INTO t VALUES (1)")]
    [InlineData("SELECT * FROM t")]
    [InlineData("SELECT drop_everything()")]
    [InlineData("\"show\" pools")]
    [InlineData("=")]
    public void Anything_else_is_a_syntax_error_in_PgBouncers_words(string text)
    {
        var error = Parser.TryParse(text, out _);
        Assert.Equal("42601", error?.SqlState);
        Assert.Equal($"invalid command '{text}', use SHOW HELP;", error?.Message);
    }

    [Fact]
    public void One_statement_that_is_not_understood_keeps_all_from_running() =>
        Assert.Equal("42601", Parser.TryParse("SHOW POOLS; NONSENSE; SHOW STATS", out _)?.SqlState);

    [Theory]
    [InlineData("SHOW $1")]
    [InlineData("SELECT $1::text")]
    public void A_parameter_is_refused_by_name(string text) => Assert.Equal("0A000", Parser.TryParse(text, out _)?.SqlState);

    [Theory]
    [InlineData("BEGIN", "BEGIN")]
    [InlineData("begin isolation level serializable", "BEGIN")]
    [InlineData("START TRANSACTION READ ONLY", "START TRANSACTION")]
    [InlineData("COMMIT", "COMMIT")]
    [InlineData("END", "COMMIT")]
    [InlineData("ROLLBACK", "ROLLBACK")]
    [InlineData("DISCARD ALL", "DISCARD ALL")]
    [InlineData("DEALLOCATE ALL", "DEALLOCATE ALL")]
    [InlineData("UNLISTEN *", "UNLISTEN")]
    [InlineData("RESET ALL", "RESET")]
    [InlineData("SET extra_float_digits = 3", "SET")]
    [InlineData("SET SESSION datestyle TO 'ISO'", "SET")]
    [InlineData("SET client_encoding = 'UTF-8'", "SET")]
    [InlineData("SET NAMES 'utf8'", "SET")]
    [InlineData("SET TIME ZONE 'UTC'", "SET")]
    [InlineData("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "SET")]
    [InlineData("SET application_name = 'psql'", "SET")]
    [InlineData("SELECT 1", "SELECT")]
    [InlineData("SELECT 'x' AS ok", "SELECT")]
    [InlineData("SELECT version()", "SELECT")]
    [InlineData("select pg_catalog.version()", "SELECT")]
    [InlineData("SELECT oid FROM pg_catalog.pg_type", "SELECT")]
    [InlineData("SHOW server_version", "SHOW")]
    [InlineData("SHOW TRANSACTION ISOLATION LEVEL", "SHOW")]
    public void What_drivers_say_as_a_matter_of_course_is_understood(string text, string tag)
    {
        Assert.Null(Parser.TryParse(text, out var statements));
        Assert.Equal(tag, Assert.Single(statements).Command.Name);
    }

    [Theory]
    [InlineData("SET client_encoding = 'LATIN1'", "22023")]
    [InlineData("SET LOCAL default_pool_size = 5", "42704")]
    [InlineData("SET role = 'postgres'", "42704")]
    [InlineData("SET SESSION AUTHORIZATION 'postgres'", "42601")]
    public void A_SET_that_would_mean_something_is_refused(string text, string sqlState) => Assert.Equal(sqlState, Parser.TryParse(text, out _)?.SqlState);

    [Theory]
    [InlineData("SELECT ns.nspname, t.oid, max(a, b) AS biggest FROM pg_namespace", "nspname,oid,biggest")]
    [InlineData("SELECT count(*), 1 FROM pg_class", "count,1")]
    public void A_look_into_the_catalogue_has_the_columns_it_asked_for(string text, string columns)
    {
        Assert.Null(Parser.TryParse(text, out var statements));
        Assert.Equal(columns, string.Join(',', statements[0].Command.Columns.Select(column => column.Name)));
    }

    [Fact]
    public void Help_names_every_command_there_is()
    {
        var help = TextOfHelp();
        foreach (var command in CommandCatalogue.All)
        {
            Assert.Contains(command.Name.Replace("SHOW ", "", StringComparison.Ordinal), help, StringComparison.Ordinal);
        }
    }

    private static string TextOfHelp()
    {
        var answer = CommandCatalogue.FindShow("help")!.RunAsync(new ConsoleRequest(null!, null!, ConsoleAccess.Stats, "")).Result;
        Assert.Equal(Severity.Notice, answer.Notice!.Severity);
        return answer.Notice.Detail!;
    }
}
