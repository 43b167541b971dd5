using System.Globalization;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>Cancels, timeouts, slow readers and the administrator's commands, while several clients' requests are on one server.</summary>
public sealed class PipelineControlTests
{
    [Fact]
    public async Task A_cancel_with_others_behind_reaches_nobody()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1);
        Task cancelling = play.Clients[0].CancelAsync();
        await play.WaitForCancelAsync();
        await play.Server.SendAsync(PipelinePlay.Answer(0));
        await play.ExpectOwnAsync(0);

        // It has no effect any more: its connection ends without one to the server.
        await cancelling;
        await play.Server.SendAsync(PipelinePlay.Answer(1));
        await play.ExpectOwnAsync(1);
        await play.AskAloneAsync(2);
    }

    [Fact]
    public async Task A_cancel_waits_for_its_clients_turn()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1);
        Task cancelling = play.Clients[1].CancelAsync();
        await play.WaitForCancelAsync();

        // Nobody goes behind whom a cancel is on its way for.
        long before = await play.PipelinedAsync();
        await play.Clients[2].SendQueryAsync(PipelinePlay.Question(2));
        await play.WaitForWaiterAsync();
        await play.Server.SendAsync(PipelinePlay.Answer(0));
        await play.ExpectOwnAsync(0);
        await using (ScriptedSession canceller = await play.Backend.AcceptAsync())
        {
            (int code, _) = await StartupPackets.ReadAsync(canceller.Stream);
            if (code == StartupPackets.TlsCode)
            {
                await canceller.Stream.WriteAsync("N"u8.ToArray());
                (code, _) = await StartupPackets.ReadAsync(canceller.Stream);
            }

            Assert.Equal(StartupPackets.CancelCode, code);
            await play.Server.SendAsync("ErrorResponse S=\"ERROR\" V=\"ERROR\" C=\"57014\" M=\"canceled\"", "ReadyForQuery I");
            Assert.Equal("57014", (await play.Clients[1].ReadUntilAsync("ReadyForQuery")).SqlState());
        }

        await cancelling;
        await play.Server.ExpectAsync($"Query \"{PipelinePlay.Question(2)}\"");
        await play.Server.SendAsync(PipelinePlay.Answer(2));
        await play.ExpectOwnAsync(2);
        Assert.Equal(before, await play.PipelinedAsync());
    }

    [Fact]
    public async Task A_client_whose_query_times_out_leaves_those_behind_it_their_answers()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync(proxy: "query_timeout = 2");
        await play.RideAsync(0, 1);
        Assert.Equal("query timeout", (await play.Clients[0].ReadToEndAsync()).ErrorText());
        await play.Server.SendAsync([.. PipelinePlay.Answer(0), .. PipelinePlay.Answer(1)]);
        await play.ExpectOwnAsync(1);
        await play.AskAloneAsync(2);
    }

    [Fact]
    public async Task A_client_whose_turn_does_not_come_is_told_so_and_leaves_the_others_their_answers()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync(proxy: "query_wait_timeout = 2");
        await play.RideAsync(0, 1);
        var answer = await play.Clients[1].ReadToEndAsync();
        Assert.Equal("query_wait_timeout", answer.ErrorText());
        Assert.Equal("08006", answer.SqlState());
        await play.Server.SendAsync([.. PipelinePlay.Answer(0), .. PipelinePlay.Answer(1)]);
        await play.ExpectOwnAsync(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_reader_holds_up_those_behind_it_until_it_reads_or_leaves_and_nobody_comes_behind_it(bool leaves)
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1);
        string large = $"DataRow (\"{new string('x', 1_000_000)}\")";
        string[] answers = [PipelinePlay.Row, .. Enumerable.Repeat(large, 16), "CommandComplete \"SELECT 16\"", "ReadyForQuery I", .. PipelinePlay.Answer(1)];
        Task sending = play.Server.SendAsync(answers);
        await play.Clients[0].ExpectAsync("RowDescription");

        // The proxy holds what it may hold for a client, and reads no more for it.
        await WaitFor.TrueAsync(async () => (await play.Console.RowsAsync("show sockets")).Any(row => int.Parse(row["send_avail"]!, CultureInfo.InvariantCulture) > 128 * 1024));
        await play.Clients[2].SendQueryAsync(PipelinePlay.Question(2));
        await play.WaitForWaiterAsync();
        if (leaves)
        {
            await play.Clients[0].DisposeAsync();
        }
        else
        {
            Assert.Equal(16, (await play.Clients[0].ReadUntilAsync("ReadyForQuery")).Rows().Count());
        }

        await sending;
        await play.ExpectOwnAsync(1);
        await play.Server.ExpectAsync($"Query \"{PipelinePlay.Question(2)}\"");
        await play.Server.SendAsync(PipelinePlay.Answer(2));
        await play.ExpectOwnAsync(2);
    }

    [Theory]
    [InlineData("reconnect")]
    [InlineData("pause app")]
    public async Task A_server_that_is_to_go_finishes_those_it_has_and_takes_nobody_more(string command)
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1);
        await using RawClient administrator = await play.Proxy.LoginAsync("boss", "pgbouncer");
        await administrator.SendQueryAsync(command);
        await WaitFor.TrueAsync(async () => command == "reconnect"
            ? (await play.Console.RowAsync("show servers", "database", "app"))["close_needed"] == "1"
            : (await play.Console.RowAsync("show databases", "name", "app"))["paused"] == "1");
        await play.Clients[2].SendQueryAsync(PipelinePlay.Question(2));
        await play.WaitForWaiterAsync();
        await play.Server.SendAsync([.. PipelinePlay.Answer(0), .. PipelinePlay.Answer(1)]);
        await play.ExpectOwnAsync(0);
        await play.ExpectOwnAsync(1);
        await play.Server.ReadToEndAsync();
        await administrator.ReadUntilAsync("ReadyForQuery");
        if (command != "reconnect")
        {
            await administrator.QueryAsync("resume app");
        }

        await play.NextServerAsync();
        await play.Server.ExpectAsync($"Query \"{PipelinePlay.Question(2)}\"");
        await play.Server.SendAsync(PipelinePlay.Answer(2));
        await play.ExpectOwnAsync(2);
    }

    [Fact]
    public async Task KILL_ends_all_of_them()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1);
        await play.Console.QueryAsync("kill app");
        Assert.Equal("57P01", (await play.Clients[0].ReadToEndAsync()).SqlState());
        Assert.Equal("57P01", (await play.Clients[1].ReadToEndAsync()).SqlState());
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await play.Server.ReadAsync();
            }
        });
    }

    [Fact]
    public async Task A_reload_that_switches_it_off_finishes_those_under_way_and_sends_nobody_more()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1);
        Assert.Empty(await play.Proxy.ReloadAsync(text => text.Replace("pipelining = true", "pipelining = false", StringComparison.Ordinal)));
        await play.Clients[2].SendQueryAsync(PipelinePlay.Question(2));
        await play.WaitForWaiterAsync();
        await play.Clients[0].SendQueryAsync("select 'later'");
        long before = await play.PipelinedAsync();
        await play.Server.SendAsync([.. PipelinePlay.Answer(0), .. PipelinePlay.Answer(1)]);
        await play.ExpectOwnAsync(0);
        await play.ExpectOwnAsync(1);
        await play.Server.ExpectAsync($"Query \"{PipelinePlay.Question(2)}\"");
        await play.Server.SendAsync(PipelinePlay.Answer(2));
        await play.ExpectOwnAsync(2);
        await play.Server.ExpectAsync("Query \"select 'later'\"");
        await play.Server.SendAsync(PipelinePlay.Answer(0));
        await play.ExpectOwnAsync(0);
        Assert.Equal(before, await play.PipelinedAsync());
    }

    [Fact]
    public async Task The_console_shows_a_server_once_and_its_clients_linked()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1, 2);
        var server = await play.Console.RowAsync("show servers", "database", "app");
        var clients = (await play.Console.RowsAsync("show clients")).Where(row => row["database"] == "app").ToList();
        Assert.Equal("active", server["state"]);
        Assert.Equal(3, clients.Count(row => row["link"] == server["ptr"] && row["state"] == "active"));
        Assert.Contains(clients, row => row["ptr"] == server["link"]);
        var pool = await play.Console.RowAsync("show pools", "database", "app");
        Assert.Equal(("3", "0", "1"), (pool["cl_active"], pool["cl_waiting"], pool["sv_active"]));
        long transactions = long.Parse((await play.Console.RowAsync("show stats", "database", "app"))["total_xact_count"]!, System.Globalization.CultureInfo.InvariantCulture);
        await play.Server.SendAsync([.. PipelinePlay.Answer(0), .. PipelinePlay.Answer(1), .. PipelinePlay.Answer(2)]);
        await play.ExpectOwnAsync(0);
        await play.ExpectOwnAsync(1);
        await play.ExpectOwnAsync(2);
        Assert.Equal($"{transactions + 3}", (await play.Console.RowAsync("show stats", "database", "app"))["total_xact_count"]);
        Assert.Equal("idle", (await play.Console.RowAsync("show servers", "database", "app"))["state"]);
    }
}
