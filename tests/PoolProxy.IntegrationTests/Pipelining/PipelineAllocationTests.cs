using System.Net.Sockets;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>Pipelining on the hot path.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class PipelineAllocationTests
{
    private const int Clients = 10;
    private const int Rounds = 1000;

    [Fact]
    public async Task A_transaction_behind_others_allocates_nothing()
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(AvailablePostgres.Found[0].Major, proxy: "threads = 1");
        var clients = new List<RawClient>();
        for (int i = 0; i < Clients; i++)
        {
            clients.Add(await place.LoginAsync());
        }

        Socket[] sockets = [.. clients.Select(client => client.Stream.Socket)];
        byte[] question = WireMessage.Frontend("Query \"select 1\"").Bytes.ToArray();
        byte[] answer = new byte[4096];
        Run(sockets, question, answer, Rounds);

        long least = long.MaxValue;
        for (int run = 0; run < 5; run++)
        {
            long before = await place.Console.AllocatedBytesAsync();
            Run(sockets, question, answer, Rounds);
            least = Math.Min(least, await place.Console.AllocatedBytesAsync() - before);
        }

        // As in the other such test: the loop has timers besides, which can only add.
        Assert.InRange(least, 0, 8 * Rounds * Clients);
        Assert.True(await place.PipelinedAsync() > 0);
        clients.ForEach(client => client.Stream.Socket.Dispose());
    }

    private static void Run(Socket[] sockets, byte[] question, byte[] answer, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            foreach (Socket socket in sockets)
            {
                socket.Send(question);
            }

            foreach (Socket socket in sockets)
            {
                int length = 0;
                do
                {
                    // A Receive that has to wait allocates.
                    Assert.True(socket.Poll(Deadlines.Step, SelectMode.SelectRead));
                    length += socket.Receive(answer, length, answer.Length - length, SocketFlags.None);
                }
                // ReadyForQuery I
                while (length < 6 || answer[length - 6] != 'Z' || answer[length - 1] != 'I');
            }
        }
    }
}
