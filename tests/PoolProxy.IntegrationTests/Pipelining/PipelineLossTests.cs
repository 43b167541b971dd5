using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>A server that is lost with several clients' requests on it, or that turns out to be no place for those behind.</summary>
public sealed class PipelineLossTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Each_client_is_told_once_that_the_outcome_is_unknown_and_stays(bool isTorn)
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync(4);
        await play.RideAsync(0, 1, 2, 3);
        await play.Server.SendAsync([.. PipelinePlay.Answer(0), PipelinePlay.Row]);
        if (isTorn)
        {
            // The head of a row and no more: its client's stream cannot be mended.
            byte[] head = [(byte)'D', 0, 0, 0, 100, 0, 1, 0, 0, 0, 90, 1, 2, 3];
            await play.Server.Stream.WriteAsync(head);
        }

        await play.ExpectOwnAsync(0);
        await play.Clients[1].ExpectAsync("RowDescription");
        await play.Server.DisposeAsync();
        if (isTorn)
        {
            await play.Clients[1].Stream.ReadToEndAsync();
        }
        else
        {
            ExpectLoss(await play.Clients[1].ReadUntilAsync("ReadyForQuery"));
        }

        ExpectLoss(await play.Clients[2].ReadUntilAsync("ReadyForQuery"));
        ExpectLoss(await play.Clients[3].ReadUntilAsync("ReadyForQuery"));

        // Nothing is tried again: the next server hears the next question first.
        await play.NextServerWhenAskedAsync(2);
        await play.AskAloneAsync(0);
        await play.AskAloneAsync(3);
    }

    [Fact]
    public async Task What_leaves_a_transaction_open_takes_its_server_with_it()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1, 2);
        await play.Server.SendAsync([.. PipelinePlay.Answer(0).SkipLast(1), "ReadyForQuery T", .. PipelinePlay.Answer(1), .. PipelinePlay.Answer(2)]);
        Assert.Equal('T', (await play.Clients[0].ReadUntilAsync("ReadyForQuery")).Status());
        ExpectLoss(await play.Clients[1].ReadUntilAsync("ReadyForQuery"));
        ExpectLoss(await play.Clients[2].ReadUntilAsync("ReadyForQuery"));
        await play.NextServerWhenAskedAsync(1);
        await play.AskAloneAsync(2);
    }

    [Fact]
    public async Task What_changes_a_parameter_takes_its_server_with_it_and_is_never_followed_again()
    {
        await using PipelinePlay play = await PipelinePlay.StartAsync();
        await play.RideAsync(0, 1, 2);
        await play.Server.SendAsync(["ParameterStatus \"TimeZone\" \"Asia/Tokyo\"", .. PipelinePlay.Answer(0), .. PipelinePlay.Answer(1), .. PipelinePlay.Answer(2)]);
        await play.ExpectOwnAsync(0);
        ExpectLoss(await play.Clients[1].ReadUntilAsync("ReadyForQuery"));
        ExpectLoss(await play.Clients[2].ReadUntilAsync("ReadyForQuery"));
        await play.NextServerWhenAskedAsync(1);
        for (int i = 0; i < 5; i++)
        {
            await play.AskAloneAsync(1);
        }

        long before = await play.PipelinedAsync();
        await play.Clients[1].SendQueryAsync(PipelinePlay.Question(1));
        await play.Server.ExpectAsync("Query");
        await play.Clients[2].SendQueryAsync(PipelinePlay.Question(2));
        await play.WaitForWaiterAsync();
        await play.Server.SendAsync(PipelinePlay.Answer(1));
        await play.ExpectOwnAsync(1);
        await play.Server.ExpectAsync("Query");
        await play.Server.SendAsync(PipelinePlay.Answer(2));
        await play.ExpectOwnAsync(2);
        Assert.Equal(before, await play.PipelinedAsync());
    }

    private static void ExpectLoss(IReadOnlyList<WireMessage> answer)
    {
        Assert.Equal("ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal("08006", answer.SqlState());
        Assert.Equal('I', answer.Status());
    }
}
