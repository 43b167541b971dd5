using PoolProxy.Core.Admin;
using PoolProxy.Protocol.Framing;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Admin;

public sealed class ConsoleProtocolTests
{
    [Theory]
    [InlineData("pgbouncer")]
    [InlineData("poolproxy")]
    public async Task Both_names_open_the_console(string name)
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync(name);
        Assert.StartsWith("PoolProxy ", await console.ScalarAsync("SHOW VERSION"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_commands_in_one_Query_each_have_their_answer()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var messages = await console.QueryAsync("SHOW POOLS; SHOW VERSION;");
        Assert.Equal(
            ["RowDescription", "DataRow", "CommandComplete", "RowDescription", "DataRow", "CommandComplete", "ReadyForQuery"],
            messages.Select(message => message.Name));
    }

    [Fact]
    public async Task An_error_keeps_the_connection()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var messages = await console.QueryAsync("SHOW NOTHING");
        Assert.Equal("42601", messages[0].SqlState);
        Assert.Equal(TransactionStatus.Idle, messages[^1].TransactionStatus);
        Assert.NotNull(await console.ScalarAsync("SHOW VERSION"));
    }

    [Fact]
    public async Task Text_that_is_not_UTF8_is_refused_and_the_connection_stays()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var messages = await console.Put("Q\0\0\0\u0006"u8).Put([0xFF, 0]).RoundTripAsync();
        Assert.Equal("22021", messages[0].SqlState);
        Assert.NotNull(await console.ScalarAsync("SHOW VERSION"));
    }

    [Fact]
    public async Task An_empty_Query_is_answered_as_such()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        Assert.Equal(["EmptyQueryResponse", "ReadyForQuery"], (await console.QueryAsync("; -- nothing")).Select(message => message.Name));
    }

    [Fact]
    public async Task Commands_run_over_the_extended_protocol()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var messages = await console.Parse("s", "SHOW VERSION").DescribeStatement("s").Bind("", "s").DescribePortal().Execute().CloseStatement("s").Sync().RoundTripAsync();
        Assert.Equal(
            ["ParseComplete", "ParameterDescription", "RowDescription", "BindComplete", "RowDescription", "DataRow", "CommandComplete", "CloseComplete", "ReadyForQuery"],
            messages.Select(message => message.Name));
    }

    [Fact]
    public async Task A_command_without_rows_describes_as_NoData()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var messages = await console.Parse("", "RECONNECT").Bind("", "").DescribePortal().Execute().Sync().RoundTripAsync();
        Assert.Equal(["ParseComplete", "BindComplete", "NoData", "CommandComplete", "ReadyForQuery"], messages.Select(message => message.Name));
    }

    [Fact]
    public async Task Rows_are_fetched_in_portions()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var messages = await console.Parse("", "SHOW LISTS").Bind("", "").Execute(maxRows: 10).Execute(maxRows: 10).Sync().RoundTripAsync();
        Assert.Equal(14, messages.Count(message => message.Name == "DataRow"));
        Assert.Single(messages, message => message.Name == "PortalSuspended");
        Assert.Equal("CommandComplete", messages[^2].Name);
    }

    [Fact]
    public async Task After_an_error_everything_to_the_Sync_is_skipped()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        var messages = await console.Parse("", "NONSENSE").Bind("", "").Execute().Sync().RoundTripAsync();
        Assert.Equal(["ErrorResponse", "ReadyForQuery"], messages.Select(message => message.Name));
        Assert.NotNull(await console.ScalarAsync("SHOW VERSION"));
    }

    [Fact]
    public async Task Unknown_and_repeated_names_are_answered_as_PostgreSQL_does()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        Assert.Equal("26000", (await console.Bind("", "none").Sync().RoundTripAsync())[0].SqlState);
        Assert.Equal("34000", (await console.Execute("none").Sync().RoundTripAsync())[0].SqlState);
        Assert.Equal("42P05", (await console.Parse("s", "SHOW LISTS").Parse("s", "SHOW LISTS").Sync().RoundTripAsync())[1].SqlState);
        await console.QueryAsync("DISCARD ALL");
        Assert.Equal("ParseComplete", (await console.Parse("s", "SHOW LISTS").Sync().RoundTripAsync())[0].Name);
    }

    [Fact]
    public async Task Values_for_parameters_are_refused()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        Assert.Equal("0A000", (await console.Parse("", "SHOW VERSION", 25).Sync().RoundTripAsync())[0].SqlState);
        Assert.Equal("0A000", (await console.Parse("", "SHOW VERSION").Bind("", "", "x").Sync().RoundTripAsync())[1].SqlState);
    }

    [Fact]
    public async Task Statements_are_bounded()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        for (var i = 0; i <= ExtendedQueries.MaxStatements; i++)
        {
            console.Parse("s" + i, "SHOW VERSION");
        }

        var messages = await console.Sync().RoundTripAsync();
        Assert.Equal(ExtendedQueries.MaxStatements, messages.Count(message => message.Name == "ParseComplete"));
        Assert.Equal("ErrorResponse", messages[^2].Name);
    }

    [Fact]
    public async Task A_message_above_the_bound_ends_the_connection()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await console.Query(new string(' ', ConsoleInput.MaxMessageBytes)).SendAsync();
        var messages = await console.ReadToEndAsync();
        Assert.Equal("08P01", Assert.Single(messages).SqlState);
    }

    [Fact]
    public async Task A_length_that_cannot_be_ends_the_connection()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await console.Put("Q\0\0\0\u0003"u8).SendAsync();
        Assert.Equal("08P01", Assert.Single(await console.ReadToEndAsync()).SqlState);
    }

    [Fact]
    public async Task Messages_cut_at_every_byte_are_read_alike()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await console.Query("SHOW VERSION").Parse("", "SHOW VERSION").Bind("", "").Execute().Sync().SendByteByByteAsync();
        await console.ReadUntilAsync("ReadyForQuery");
        Assert.Contains(await console.ReadUntilAsync("ReadyForQuery"), message => message.Name == "DataRow");
    }

    [Fact]
    public async Task A_console_that_leaves_is_forgotten()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var console = await place.AdminAsync();
        await using (var other = await place.AdminAsync())
        {
            Assert.Equal(2, (await console.RowsAsync("SHOW CLIENTS")).Count);
            await other.Terminate().SendAsync();
            Assert.Empty(await other.ReadToEndAsync());
        }

        Assert.Single(await console.RowsAsync("SHOW CLIENTS"));
    }

    [Fact]
    public async Task Results_that_nobody_takes_hold_up_the_questions_and_not_the_proxy()
    {
        await using var place = await ConsolePlace.StartAsync();
        await using var slow = await place.AdminAsync();
        const int Questions = 2000;
        for (var i = 0; i < Questions; i++)
        {
            slow.Query("SHOW CONFIG");
        }

        var sending = slow.SendAsync();
        await using var other = await place.AdminAsync();
        Assert.NotNull(await other.ScalarAsync("SHOW VERSION"));
        for (var i = 0; i < Questions; i++)
        {
            await slow.ReadUntilAsync("ReadyForQuery");
        }

        await sending;
    }
}
