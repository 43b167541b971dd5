using System.Globalization;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>
/// A proxy that pipelines over one scripted server, and some clients. Each client asks <c>select 'N'</c> with its own number, so that whoever gets an
/// answer can tell whose it is.
/// </summary>
internal sealed class PipelinePlay : IAsyncDisposable
{
    /// <summary>Pipelining, of whatever a busy machine makes of a short statement.</summary>
    public const string Lines = "pipelining = true\npipelining_max_time = 10";

    /// <summary>A result's description.</summary>
    public const string Row = "RowDescription ((\"n\" 0 0 25 -1 -1 0))";

    private readonly RawClient _console;

    private PipelinePlay(ScriptedBackend backend, ProxyUnderTest proxy, RawClient[] clients, ScriptedSession server, RawClient console)
    {
        Backend = backend;
        Proxy = proxy;
        Clients = clients;
        Server = server;
        _console = console;
    }

    public ScriptedBackend Backend { get; }

    public ProxyUnderTest Proxy { get; }

    public RawClient[] Clients { get; }

    public ScriptedSession Server { get; set; }

    public RawClient Console => _console;

    public static async Task<PipelinePlay> StartAsync(int clients = 3, string proxy = "", string database = Lines)
    {
        ScriptedBackend backend = ScriptedBackend.Start();
        ProxyUnderTest started = await ProxyUnderTest.StartAsync(place =>
            PoolScene.Text(place.Port, backend.Port, "x", proxy: "admin_users = \"boss\"\nthreads = 1\n" + proxy, database: database));
        Task<RawClient> entering = started.LoginAsync("a", "app");
        ScriptedSession server = await backend.AcceptAsync();
        await server.LoginAsync();
        var entered = new RawClient[clients];
        entered[0] = await entering;
        for (int i = 1; i < clients; i++)
        {
            entered[i] = await started.LoginAsync("a", "app");
        }

        var play = new PipelinePlay(backend, started, entered, server, await started.LoginAsync("boss", "pgbouncer"));
        for (int run = 0; run < 3; run++)
        {
            await play.AskAloneAsync(0);
        }

        return play;
    }

    /// <summary>One client's question, and the server's answer to it.</summary>
    public static string Question(int client) => $"select '{client.ToString(CultureInfo.InvariantCulture)}'";

    /// <summary>What the server says to it.</summary>
    public static string[] Answer(int client) => [Row, $"DataRow (\"{client.ToString(CultureInfo.InvariantCulture)}\")", "CommandComplete \"SELECT 1\"", "ReadyForQuery I"];

    /// <summary>A client asks, alone, and is answered.</summary>
    public async Task AskAloneAsync(int client)
    {
        await Clients[client].SendQueryAsync(Question(client));
        await Server.ExpectAsync($"Query \"{Question(client)}\"");
        await Server.SendAsync(Answer(client));
        await ExpectOwnAsync(client);
    }

    /// <summary>The next answer is the client's own.</summary>
    public async Task ExpectOwnAsync(int client) =>
        Xunit.Assert.Equal([client.ToString(CultureInfo.InvariantCulture)], (await Clients[client].ReadUntilAsync("ReadyForQuery")).Rows());

    /// <summary>How many requests were sent behind others so far.</summary>
    public async Task<long> PipelinedAsync() => await PipelinedAsync(_console);

    /// <summary>The same on any console.</summary>
    public static async Task<long> PipelinedAsync(RawClient console) =>
        long.Parse((await console.RowAsync("show state", "key", "pipelined_transactions"))["value"]!, CultureInfo.InvariantCulture);

    /// <summary>
    /// The clients ask one after the other, and all their questions reach the server, unanswered. A machine that is too busy makes a statement look slow, behind
    /// which nobody is sent: then all are answered, and it is tried again.
    /// </summary>
    public async Task RideAsync(params int[] clients)
    {
        DateTime deadline = DateTime.UtcNow + Deadlines.Step;
        while (true)
        {
            long before = await PipelinedAsync();
            await Clients[clients[0]].SendQueryAsync(Question(clients[0]));
            await Server.ExpectAsync($"Query \"{Question(clients[0])}\"");
            int riding = 0;
            foreach (int client in clients.Skip(1))
            {
                await Clients[client].SendQueryAsync(Question(client));
                for (int look = 0; look < 20 && await PipelinedAsync() == before + riding; look++)
                {
                }

                if (await PipelinedAsync() == before + riding)
                {
                    break;
                }

                await Server.ExpectAsync($"Query \"{Question(client)}\"");
                riding++;
            }

            if (riding == clients.Length - 1)
            {
                return;
            }

            if (DateTime.UtcNow > deadline)
            {
                throw new TimeoutException($"only {riding} of {clients.Length - 1} were sent behind the first");
            }

            for (int i = 0; i <= riding + 1; i++)
            {
                if (i == riding + 1)
                {
                    await Server.ExpectAsync($"Query \"{Question(clients[i])}\"");
                }

                await Server.SendAsync(Answer(clients[i]));
                await ExpectOwnAsync(clients[i]);
            }
        }
    }

    /// <summary>The server that takes the place of one that is gone.</summary>
    public async Task NextServerAsync()
    {
        await Server.DisposeAsync();
        Server = await Backend.AcceptLoginAsync();
    }

    /// <summary>The server is gone: a client's question brings the next.</summary>
    public async Task NextServerWhenAskedAsync(int client)
    {
        await Clients[client].SendQueryAsync(Question(client));
        await NextServerAsync();
        await Server.ExpectAsync($"Query \"{Question(client)}\"");
        await Server.SendAsync(Answer(client));
        await ExpectOwnAsync(client);
    }

    /// <summary>How many clients there are, the console's among them.</summary>
    public async Task<int> ClientCountAsync() => (await _console.RowsAsync("show clients")).Count;

    /// <summary>Waits until the proxy has taken a cancel request.</summary>
    public Task WaitForCancelAsync() =>
        WaitFor.TrueAsync(async () => (await _console.RowAsync("show state", "key", "cancel_requests"))["value"] != "0");

    /// <summary>Waits until a client stands in the pool's queue.</summary>
    public Task WaitForWaiterAsync() =>
        WaitFor.TrueAsync(async () => (await _console.RowAsync("show pools", "database", "app"))["cl_waiting"] == "1");

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        foreach (RawClient client in Clients)
        {
            await client.DisposeAsync();
        }

        await Server.DisposeAsync();
        await Proxy.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
