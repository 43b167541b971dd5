using PoolProxy.Core.Admin;
using PoolProxy.Core.Admin.Show;
using PoolProxy.Testing.Console;
using Xunit;

namespace PoolProxy.UnitTests.Admin;

/// <summary>Exporters read the console by name and position: each SHOW that PgBouncer has begins with PgBouncer's columns, and ours stand behind them.</summary>
public sealed class ColumnTests
{
    /// <summary>Ours: the loop that a connection lives on, what pins a client, the channels it listens on.</summary>
    private static readonly Dictionary<string, string> Behind = new()
    {
        ["clients"] = " loop:i pinned:s channels:i",
        ["servers"] = " loop:i",
        ["sockets"] = " loop:i",
        ["active_sockets"] = " loop:i",
    };

    public static IEnumerable<object[]> Nouns => PgBouncerColumns.Of.Keys.Select(noun => new object[] { noun });

    [Theory]
    [MemberData(nameof(Nouns))]
    public void Columns_are_PgBouncers_with_ours_behind_them(string noun)
    {
        ShowCommand show = CommandCatalogue.FindShow(noun)!;
        Assert.Equal(
            PgBouncerColumns.Of[noun] + Behind.GetValueOrDefault(noun), string.Join(' ', show.Columns.Select(column => $"{column.Name}:{ConsoleDescription.LetterOf(column.Type)}")));
    }

    [Fact]
    public void Descriptors_have_PgBouncers_columns() => Assert.Equal(
        "fd:i task:s user:s database:s addr:s port:i cancel:q link:i client_encoding:s std_strings:s datestyle:s timezone:s password:s scram_client_key:b scram_server_key:b",
        string.Join(' ', CommandCatalogue.FindShow("fds")!.Columns.Select(column => $"{column.Name}:{ConsoleDescription.LetterOf(column.Type)}")));

    [Fact]
    public void Help_has_no_rows() => Assert.Empty(CommandCatalogue.FindShow("help")!.Columns);
}
