using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>Requests of several clients behind one another on one server: every answer reaches who asked, whatever becomes of the others.</summary>
public sealed class PipelineOrderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_client_gets_its_own_answer_however_the_bytes_are_cut(bool isCut)
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        for (int turn = 0; turn < 3; turn++)
        {
            await play.RideAsync(turn % 3, (turn + 1) % 3, (turn + 2) % 3);
            string[] answers = [.. new[] { 0, 1, 2 }.SelectMany(i => PipelinePlay.Answer((turn + i) % 3))];
            await (isCut ? play.Server.SendByteByByteAsync(answers) : play.Server.SendAsync(answers));
            for (int i = 0; i < 3; i++)
            {
                await play.ExpectOwnAsync((turn + i) % 3);
            }
        }
    }

    [Fact]
    public async Task An_error_is_its_own_clients_alone()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1, 2);
        await play.Server.SendAsync(["ErrorResponse S=\"ERROR\" V=\"ERROR\" C=\"22012\" M=\"division by zero\"", "ReadyForQuery I", .. PipelinePlay.Answer(1),
            PipelinePlay.Row, "ErrorResponse S=\"ERROR\" V=\"ERROR\" C=\"23505\" M=\"taken\"", "ReadyForQuery I"]);
        Assert.Equal("22012", (await play.Clients[0].ReadUntilAsync("ReadyForQuery")).SqlState());
        await play.ExpectOwnAsync(1);
        Assert.Equal("23505", (await play.Clients[2].ReadUntilAsync("ReadyForQuery")).SqlState());
        await play.AskAloneAsync(1);
    }

    // PostgreSQL would take what comes behind as the rest of it, and the rest as requests that nobody has looked at.
    [Fact]
    public async Task Nobody_is_sent_into_the_middle_of_a_CopyData_that_nobody_asked_for()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        long before = await play.PipelinedAsync();
        byte[] copy = [(byte)'d', 0, 0, 0, 104, .. new byte[100]];
        await play.Clients[0].Stream.Socket.SendAsync((byte[])[.. WireMessage.Frontend($"Query \"{PipelinePlay.Question(0)}\"").Bytes.Span, .. copy.AsSpan(0, 15)]);
        await play.Server.ExpectAsync($"Query \"{PipelinePlay.Question(0)}\"");
        await play.Clients[1].SendQueryAsync(PipelinePlay.Question(1));
        await play.WaitForWaiterAsync();
        await play.Clients[0].Stream.Socket.SendAsync(copy.AsMemory(15));
        Assert.Equal(100, (await play.Server.ReadAsync()).Body.Length);
        Assert.Equal(before, await play.PipelinedAsync());
        await play.Server.SendAsync(PipelinePlay.Answer(0));
        await play.ExpectOwnAsync(0);
        await play.Server.ExpectAsync($"Query \"{PipelinePlay.Question(1)}\"");
        await play.Server.SendAsync(PipelinePlay.Answer(1));
        await play.ExpectOwnAsync(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_client_that_leaves_disturbs_nobody(int leaver)
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1, 2);
        await LeaveAsync(play, leaver);
        for (int client = 0; client < 3; client++)
        {
            await play.Server.SendAsync(PipelinePlay.Answer(client));
        }

        for (int client = 0; client < 3; client++)
        {
            if (client != leaver)
            {
                await play.ExpectOwnAsync(client);
            }
        }

        if (leaver == 2)
        {
            // Nobody waited for the last answer: its server is given up, as one whose only client leaves.
            await play.NextServerWhenAskedAsync(0);
        }

        await play.AskAloneAsync((leaver + 1) % 3);
    }

    [Fact]
    public async Task A_client_that_leaves_in_the_middle_of_its_answer_disturbs_nobody()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1, 2);
        await play.Server.SendAsync(PipelinePlay.Row);
        await play.Clients[0].ExpectAsync("RowDescription");
        await LeaveAsync(play, 0);
        await play.Server.SendAsync([.. PipelinePlay.Answer(0).Skip(1), .. PipelinePlay.Answer(1), .. PipelinePlay.Answer(2)]);
        await play.ExpectOwnAsync(1);
        await play.ExpectOwnAsync(2);
        await play.AskAloneAsync(1);
    }

    [Fact]
    public async Task A_server_on_which_all_have_left_is_given_up()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1);
        await LeaveAsync(play, 0);
        await LeaveAsync(play, 1);
        await play.NextServerWhenAskedAsync(2);
        await play.AskAloneAsync(2);
    }

    [Fact]
    public async Task What_a_client_sends_meanwhile_comes_behind_those_behind_it()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1);
        await play.Clients[0].SendQueryAsync("select 'more'");
        await play.Clients[1].SendQueryAsync("begin");
        await play.Server.SendAsync(PipelinePlay.Answer(0));
        await play.ExpectOwnAsync(0);
        await play.Server.SendAsync(PipelinePlay.Answer(1));
        await play.ExpectOwnAsync(1);

        // The first went back to the end of the queue; the second, whom nobody was behind, need not let the server go.
        string first = (await play.Server.ExpectAsync("Query")).Text;
        await play.Server.SendAsync(first == "begin" ? ["CommandComplete \"BEGIN\"", "ReadyForQuery T"] : PipelinePlay.Answer(7));
        if (first == "begin")
        {
            Assert.Equal('T', (await play.Clients[1].ReadUntilAsync("ReadyForQuery")).Status());
            await play.Clients[1].SendQueryAsync("rollback");
            await play.Server.ExpectAsync("Query \"rollback\"");
            await play.Server.SendAsync("CommandComplete \"ROLLBACK\"", "ReadyForQuery I");
            await play.Clients[1].ReadUntilAsync("ReadyForQuery");
            await play.Server.ExpectAsync("Query \"select 'more'\"");
            await play.Server.SendAsync(PipelinePlay.Answer(7));
        }

        Assert.Equal(["7"], (await play.Clients[0].ReadUntilAsync("ReadyForQuery")).Rows());
    }

    [Fact]
    public async Task What_is_no_message_ends_its_client_behind_its_answer_and_nobody_else()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1, 2);
        await play.Clients[1].Stream.WriteAsync(new byte[] { (byte)'Q', 0, 0, 0, 1, 9, 9 });
        await play.Server.SendAsync([.. PipelinePlay.Answer(0), .. PipelinePlay.Answer(1), .. PipelinePlay.Answer(2)]);
        await play.ExpectOwnAsync(0);
        await play.ExpectOwnAsync(1);
        await play.ExpectOwnAsync(2);
        Assert.Equal("08P01", (await play.Clients[1].ReadToEndAsync()).SqlState());
        await play.AskAloneAsync(2);
    }

    [Fact]
    public async Task A_message_that_is_too_long_for_its_kind_takes_nobody_with_it()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        for (int run = 0; run < 3; run++)
        {
            await play.Clients[1].Parse("", "select $1::text").Bind("", "", "1").Execute().Sync().SendAsync();
            await play.Server.ReadUntilAsync("Sync");
            await play.Server.SendAsync("ParseComplete", "BindComplete", "DataRow (\"1\")", "CommandComplete \"SELECT 1\"", "ReadyForQuery I");
            await play.Clients[1].ReadUntilAsync("ReadyForQuery");
        }

        await play.RideAsync(0, 2);
        await play.Clients[1].Parse("", "select $1::text").Bind("", "", "1").DescribePortal(new string('p', 11_000)).Execute().Sync().SendAsync();
        await play.WaitForWaiterAsync();
        await play.Server.SendAsync([.. PipelinePlay.Answer(0), .. PipelinePlay.Answer(2)]);
        await play.ExpectOwnAsync(0);
        await play.ExpectOwnAsync(2);
        Assert.Equal("08P01", (await play.Clients[1].ReadToEndAsync()).SqlState());
    }

    [Fact]
    public async Task Terminate_behind_a_question_disturbs_nobody()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1, 2);
        await play.Clients[1].Put("Terminate").SendAsync();
        await play.Server.SendAsync([.. PipelinePlay.Answer(0), .. PipelinePlay.Answer(1), .. PipelinePlay.Answer(2)]);
        await play.ExpectOwnAsync(0);
        await play.ExpectOwnAsync(2);
        await play.ExpectOwnAsync(1);
        await play.Clients[1].ReadToEndAsync();
        await play.AskAloneAsync(2);
    }

    private static async Task LeaveAsync(PipelinePlay play, int client)
    {
        int before = (await play.ClientCountAsync());
        await play.Clients[client].DisposeAsync();
        await WaitFor.TrueAsync(async () => await play.ClientCountAsync() == before - 1);
    }
}
