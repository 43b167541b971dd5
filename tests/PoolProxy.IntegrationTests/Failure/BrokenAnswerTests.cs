using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Failure;

/// <summary>Servers that end in the middle of an answer, message by message: what the client has been owed comes once, in order, and it stays.</summary>
public sealed class BrokenAnswerTests
{
    private const string Row = "RowDescription ((\"n\" 0 0 25 -1 -1 0))";
    private const string Fatal = "ErrorResponse S=\"FATAL\" V=\"FATAL\" C=\"57P01\" M=\"terminating connection due to administrator command\"";

    [Fact]
    public async Task What_came_before_a_broken_message_in_the_same_read_reaches_the_client_before_the_error()
    {
        await using Play play = await Play.StartAsync();
        await play.Client.SendQueryAsync("select 'first'");
        await play.Server.ExpectAsync("Query");
        byte[] broken = [(byte)'Z', 0, 0, 0, 6, (byte)'I', (byte)'I'];
        await play.Server.Stream.WriteAsync(Wire(Row, "DataRow (\"first\")", "CommandComplete \"SELECT 1\"").Concat(broken).ToArray());
        Assert.Equal("RowDescription DataRow CommandComplete ErrorResponse ReadyForQuery", (await play.Client.ReadUntilAsync("ReadyForQuery")).Names());
        await play.NextServerAsync();
        await play.IsWellAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_FATAL_is_one_error_that_quotes_it_and_every_Sync_is_answered(bool cutsBehindFatal)
    {
        await using Play play = await Play.StartAsync();
        RawClient client = play.Client;
        await client.Parse("kept", "select 'kept'").Bind("", "kept").Execute().Sync()
            .Parse("lost", "select 'lost'").Bind("", "lost").Execute().Sync()
            .Parse("", "select 'third'").Bind("", "").Execute().Sync().SendAsync();
        await play.Server.ReadUntilAsync("Sync");
        await play.Server.ReadUntilAsync("Sync");
        await play.Server.ReadUntilAsync("Sync");
        string[] answered = ["ParseComplete", "BindComplete", "DataRow (\"kept\")", "CommandComplete \"SELECT 1\"", "ReadyForQuery I"];
        if (cutsBehindFatal)
        {
            await play.Server.SendAsync(answered);
            await play.Server.SendByteByByteAsync(Fatal);
        }
        else
        {
            await play.Server.SendAsync([.. answered, Fatal]);
        }
        await play.Server.DisposeAsync();
        Assert.Equal(["kept"], (await client.ReadUntilAsync("ReadyForQuery")).Rows());
        var second = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("ErrorResponse ReadyForQuery", second.Names());
        Assert.Equal("08006", second.SqlState());
        Assert.Contains("57P01", second[0].ToString(), StringComparison.Ordinal);
        Assert.Equal('I', second.Status());
        Assert.Equal("ErrorResponse ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery")).Names());

        // The name whose Parse was answered stays; that of the other was never taken.
        await play.NextServerAsync();
        await client.Parse("lost", "select 'found'").Bind("", "lost").Execute().Bind("", "kept").Execute().Sync().SendAsync();
        Assert.Contains("select 'found'", (await play.Server.ExpectAsync("Parse")).ToString(), StringComparison.Ordinal);
        await play.Server.ExpectAsync("Bind");
        await play.Server.ExpectAsync("Execute");
        Assert.Contains("select 'kept'", (await play.Server.ExpectAsync("Parse")).ToString(), StringComparison.Ordinal);
        await play.Server.ReadUntilAsync("Sync");
        await play.Server.SendAsync(
            "ParseComplete", "BindComplete", "DataRow (\"found\")", "CommandComplete \"SELECT 1\"",
            "ParseComplete", "BindComplete", "DataRow (\"kept\")", "CommandComplete \"SELECT 1\"", "ReadyForQuery I");
        var answer = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("ParseComplete BindComplete DataRow CommandComplete BindComplete DataRow CommandComplete ReadyForQuery", answer.Names());
        await play.IsWellAsync();
    }

    [Fact]
    public async Task A_FATAL_in_an_open_transaction_leaves_a_failed_one()
    {
        await using Play play = await Play.StartAsync();
        await play.Client.SendQueryAsync("begin");
        await play.Server.ExpectAsync("Query");
        await play.Server.SendAsync("CommandComplete \"BEGIN\"", "ReadyForQuery T");
        await play.Client.ReadUntilAsync("ReadyForQuery");
        await play.Client.SendQueryAsync("select 1");
        await play.Server.ExpectAsync("Query");
        await play.Server.SendAsync(Row, "DataRow (\"1\")", Fatal);
        await play.Server.DisposeAsync();
        var answer = await play.Client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("RowDescription DataRow ErrorResponse ReadyForQuery", answer.Names());
        Assert.Equal('E', answer.Status());
    }

    /// <summary>
    /// Each CopyDone may end a COPY that the Query is going to ask for, so each is written down, up to a bound; then the client has to wait.
    /// </summary>
    [Fact]
    public async Task A_flood_of_CopyDone_waits_for_answers_and_harms_nobody()
    {
        const int Flood = 70_000;
        await using Play play = await Play.StartAsync();
        play.Client.Query("select 'first'");
        for (int i = 0; i < Flood; i++)
        {
            play.Client.CopyDone();
        }
        play.Client.Query("select 'second'");
        await play.Client.SendAsync();
        await play.Server.ExpectAsync("Query");
        // Behind the Query as many as fit the books are let through, and no more.
        const int Bound = 64 * 1024;
        int passed = 0;
        for (; passed < Bound - 1; passed++)
        {
            await play.Server.ExpectAsync("CopyDone");
        }
        Assert.Equal(0, play.Server.Stream.Socket.Available);
        await play.Server.SendAsync(Row, "DataRow (\"first\")", "CommandComplete \"SELECT 1\"", "ReadyForQuery I");
        // The rest ends no COPY any more: whether it comes or is dropped, the Query is next.
        var rest = await play.Server.ReadUntilAsync("Query");
        Assert.All(rest.SkipLast(1), message => Assert.Equal("CopyDone", message.Name));
        Assert.Equal("Query \"select 'second'\"", rest[^1].ToString());
        await play.Server.SendAsync(Row, "DataRow (\"second\")", "CommandComplete \"SELECT 1\"", "ReadyForQuery I");
        Assert.Equal(["first"], (await play.Client.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal(["second"], (await play.Client.ReadUntilAsync("ReadyForQuery")).Rows());
        await play.IsWellAsync();
    }

    private static byte[] Wire(params string[] notations) => [.. notations.SelectMany(notation => WireMessage.Backend(notation).Bytes.ToArray())];

    /// <summary>A client, and the scripted server that the proxy has for it.</summary>
    private sealed class Play(ScriptedBackend backend, ProxyUnderTest proxy, RawClient client, ScriptedSession server) : IAsyncDisposable
    {
        public RawClient Client => client;

        public ScriptedSession Server { get; private set; } = server;

        public static async Task<Play> StartAsync()
        {
            ScriptedBackend backend = ScriptedBackend.Start();
            ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(place.Port, backend.Port, "x"));
            Task<RawClient> entering = proxy.LoginAsync("a", "app");
            ScriptedSession server = await backend.AcceptAsync();
            await server.LoginAsync();
            return new Play(backend, proxy, await entering, server);
        }

        /// <summary>The last one is gone: what the client asks next brings another.</summary>
        public async Task NextServerAsync()
        {
            await Client.Query("").SendAsync();
            await Server.DisposeAsync();
            Server = await backend.AcceptAsync();
            await Server.LoginAsync();
            await Server.ExpectAsync("Query \"\"");
            await Server.SendAsync("EmptyQueryResponse", "ReadyForQuery I");
            await Client.ReadUntilAsync("ReadyForQuery");
        }

        /// <summary>Nothing is owed any more in either direction.</summary>
        public async Task IsWellAsync()
        {
            await Client.SendQueryAsync("select 'well'");
            await Server.ExpectAsync("Query \"select 'well'\"");
            await Server.SendAsync(Row, "DataRow (\"well\")", "CommandComplete \"SELECT 1\"", "ReadyForQuery I");
            Assert.Equal(["well"], (await Client.ReadUntilAsync("ReadyForQuery")).Rows());
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await Server.DisposeAsync();
            await proxy.DisposeAsync();
            await backend.DisposeAsync();
        }
    }
}
