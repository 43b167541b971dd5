using System.Net.Sockets;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary><c>cache_unnamed_statements</c> on the hot path.</summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class KeptAllocationTests
{
    private const int Transactions = 10_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_transaction_allocates_nothing_whether_its_Parse_is_served_or_not(bool isKept)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(
            AvailablePostgres.Found[0].Major, proxy: "admin_users = \"boss\"", database: $"cache_unnamed_statements = {(isKept ? "true" : "false")}");
        await using RawClient client = await place.LoginAsync();
        await using RawClient console = await place.Proxy.LoginAsync("boss", "pgbouncer");
        await client.AskAsync("select $1::int", "1");
        byte[] batch =
        [
            .. WireMessage.Frontend("Parse \"\" \"select $1::int\" ()").Bytes.Span, .. WireMessage.Frontend("Bind \"\" \"\" () (\"1\") ()").Bytes.Span,
            .. WireMessage.Frontend("Describe P \"\"").Bytes.Span, .. WireMessage.Frontend("Execute \"\" 0").Bytes.Span, .. WireMessage.Frontend("Sync").Bytes.Span,
        ];
        byte[] answer = new byte[4096];
        Run(client.Stream.Socket, batch, answer, Transactions);

        long least = long.MaxValue;
        for (int run = 0; run < 5; run++)
        {
            long before = await console.AllocatedBytesAsync();
            Run(client.Stream.Socket, batch, answer, Transactions);
            least = Math.Min(least, await console.AllocatedBytesAsync() - before);
        }

        // The smallest object takes 24 bytes. The loop has timers besides, and is asked what it has allocated, all of which can only add:
        // the least of several runs is the nearest to what a transaction allocates.
        Assert.InRange(least, 0, 8 * Transactions);
        Assert.Equal(isKept ? 1 : 0, await client.KeptAsync());
    }

    private static void Run(Socket socket, byte[] batch, byte[] answer, int transactions)
    {
        for (int turn = 0; turn < transactions; turn++)
        {
            socket.Send(batch);
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
