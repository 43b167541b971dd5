using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json.Nodes;
using PoolProxy.IntegrationTests.Admin;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Audit;

/// <summary>Records that come faster than they are taken, or are not taken at all: a pipe that nobody reads, a device that is always full.</summary>
public sealed class OverflowTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private const int Count = 1500;

    [Fact]
    public async Task Drop_loses_and_counts_records_and_holds_nobody_back()
    {
        await using ProxyUnderTest proxy = await StartAsync("drop");
        using FileStream pipe = await OpenPipeAsync(proxy);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await AskAsync(client, Count);
        long lost = await StateAsync(console, "audit_lost");
        Assert.InRange(lost, 1, Count);
        List<JsonObject> records = await ReadAsync(pipe, records => Told(records) == lost);
        Assert.Equal(Count - lost, records.Count(IsStatement) - 0L);

        // Other proxies of this process have meters of the same name.
        Assert.Contains(lost, DroppedOfMeters());
    }

    [Fact]
    public async Task Block_holds_clients_back_and_loses_nothing_while_the_loop_goes_on()
    {
        await using ProxyUnderTest proxy = await StartAsync("block");
        using FileStream pipe = await OpenPipeAsync(proxy);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient other = await proxy.LoginAsync("b", "app");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        Task asking = Task.WhenAll(AskAsync(client, Count), AskAheadAsync(other, Count));
        await WaitFor.TrueAsync(async () => await StateAsync(console, "audit_held_clients") == 2);
        Assert.False(asking.IsCompleted);

        // The loop is free, and so is the server: nobody holds it while they wait for the trail.
        await using RawClient third = await proxy.LoginAsync("c", "app");
        Assert.Equal("0", (await console.RowAsync("show pools", "database", "app"))["sv_active"]);
        List<JsonObject> records = await ReadAsync(pipe, records => records.Count(IsStatement) == 2 * Count);
        await asking;
        Assert.Equal(0, await StateAsync(console, "audit_lost"));
        Assert.Equal(2 * Count, records.Count(IsStatement));
    }

    [Fact]
    public async Task Block_with_a_full_disk_stops_statements_until_a_reload_names_another_file()
    {
        await using ProxyUnderTest proxy = await StartAsync("block", "/dev/full");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        Task asking = AskAsync(client, 200);
        await WaitFor.TrueAsync(async () => await StateAsync(console, "audit_held_clients") == 1);
        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("/dev/full", "audit.jsonl", StringComparison.Ordinal)));
        await asking.WaitAsync(Deadlines.Step);
        await Trail.StatementsAsync(proxy, 200);
        Assert.Equal(0, await StateAsync(console, "audit_lost"));
    }

    [Fact]
    public async Task Drop_with_a_full_disk_counts_and_goes_on()
    {
        await using ProxyUnderTest proxy = await StartAsync("drop", "/dev/full");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await using RawClient console = await proxy.LoginAsync("boss", "pgbouncer");
        await AskAsync(client, 50);
        await WaitFor.TrueAsync(async () => await StateAsync(console, "audit_lost") >= 50);
        Assert.Empty(await proxy.ReloadAsync(text => text.Replace("/dev/full", "audit.jsonl", StringComparison.Ordinal)));
        await client.QueryAsync("select 'kept'");
        Assert.Equal("ok select 'kept' [\"SELECT 1\"] 1", Assert.Single(await Trail.StatementsAsync(proxy, 1)).Said());
        Assert.Contains("\"records_lost\"", await File.ReadAllTextAsync(Trail.FileOf(proxy)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_held_back_for_query_wait_timeout_hears_of_it()
    {
        await using ProxyUnderTest proxy = await StartAsync("block", "/dev/full", "query_wait_timeout = \"300ms\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        IReadOnlyList<Testing.Wire.WireMessage> answer;
        do
        {
            await client.SendQueryAsync("select 1");
            answer = await client.ReadToEndOrReadyAsync();
        }
        while (answer.SqlState().Length == 0);
        Assert.Equal("53300", answer.SqlState());
    }

    private static List<long> DroppedOfMeters()
    {
        var dropped = new List<long>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument is { Meter.Name: "poolproxy", Name: "poolproxy.records.dropped" })
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            if (tags.Contains(KeyValuePair.Create<string, object?>("trail", "audit")))
            {
                dropped.Add(value);
            }
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return dropped;
    }

    private static bool IsStatement(JsonObject record) => (string)record["event"]! == "statement";

    private static long Told(IEnumerable<JsonObject> records) => records.Where(record => (string)record["event"]! == "records_lost").Sum(record => (long)record["count"]!);

    private static async Task AskAsync(RawClient client, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(["1"], (await client.QueryAsync("select 1 /* a text of some length, so that the pipe is full soon */")).Rows());
        }
    }

    // Many at once, so that the next is there before the last is answered.
    private static async Task AskAheadAsync(RawClient client, int count)
    {
        for (int i = 0; i < count; i += 10)
        {
            for (int j = 0; j < 10; j++)
            {
                client.Query("select 1 /* a text of some length, so that the pipe is full soon */");
            }

            await client.SendAsync();
            for (int j = i == 0 ? 1 : 0; j < 10; j++)
            {
                await client.ReadUntilAsync("ReadyForQuery");
            }
        }

        await client.ReadUntilAsync("ReadyForQuery");
    }

    private static async Task<long> StateAsync(RawClient console, string key) =>
        long.Parse((await console.RowAsync("show state", "key", key))["value"]!, CultureInfo.InvariantCulture);

    private static async Task<FileStream> OpenPipeAsync(ProxyUnderTest proxy) =>
        await Task.Run(() => new FileStream(proxy.Place.File("pipe"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0)).WaitAsync(Deadlines.Step);

    private static async Task<List<JsonObject>> ReadAsync(FileStream pipe, Func<List<JsonObject>, bool> isEnough)
    {
        var records = new List<JsonObject>();
        using var reader = new StreamReader(pipe, leaveOpen: true);
        while (!isEnough(records))
        {
            string line = await Task.Run(reader.ReadLine).WaitAsync(Deadlines.Step) ?? throw new EndOfStreamException();
            records.Add(JsonNode.Parse(line)!.AsObject());
        }

        return records;
    }

    private Task<ProxyUnderTest> StartAsync(string overflow, string file = "pipe", string proxy = "") => ProxyUnderTest.StartAsync(place =>
    {
        if (file == "pipe")
        {
            using Process made = Process.Start("mkfifo", place.File("pipe"));
            made.WaitForExit();
            Assert.Equal(0, made.ExitCode);
        }

        return PoolScene.Text(place.Port, scene.Database.Cluster.Port, scene.Database.Name, proxy: "admin_users = \"boss\"\n" + proxy, rest: $"""
            [audit]
            file = "{file}"
            statements = "all"
            queue_size = 16
            overflow = "{overflow}"
            """);
    });
}
