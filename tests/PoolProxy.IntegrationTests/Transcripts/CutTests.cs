using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using PoolProxy.Testing.Transcripts;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Transcripts;

/// <summary>
/// Wherever a network cuts what a client or a server sends, the other side gets the same bytes. Each conversation is played over and over on
/// one session: uncut, cut at each byte, and byte by byte.
/// </summary>
public class CutTests(PoolScene scene) : IClassFixture<PoolScene>
{
    public static TheoryData<string> Names => [.. Conversations.All.Select(conversation => conversation.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_client_may_be_cut_anywhere(string name)
    {
        Transcript transcript = Of(name).Abbreviated;
        await scene.Database.ExecuteAsync("create table if not exists copied(x int)");
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        foreach (Cut cut in transcript.Cuts(Side.Frontend))
        {
            await transcript.PlayAsync(client, cut);
        }
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_server_may_be_cut_anywhere(string name)
    {
        Conversation conversation = Of(name);
        Cut[] cuts = [.. conversation.Upstream(1).Cuts(Side.Backend)];
        await PlayAsync(conversation, cuts.Select(cut => (Cut.None, cut)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public Task Both_may_come_byte_by_byte(string name) => PlayAsync(Of(name), [(Cut.None, Cut.None), (Cut.EveryByte, Cut.EveryByte), (Cut.EveryByte, Cut.EveryByte)]);

    /// <summary>Messages of a server that are longer than one read, or than what the proxy looks at whole.</summary>
    public static TheoryData<string, int> LongMessages
    {
        get
        {
            var data = new TheoryData<string, int>();
            foreach (string message in (string[])["DataRow (\"{0}\")", "NoticeResponse S=\"NOTICE\" C=\"00000\" M=\"{0}\"", "CommandComplete \"{0}\""])
            {
                data.Add(message, 5000);
                data.Add(message, 70_000);
                data.Add(message, 200_000);
            }
            // A longer one ends its server: the proxy must know what it says, and keeps no more than this of one message.
            data.Add("ParameterStatus \"x.y\" \"{0}\"", 60_000);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(LongMessages))]
    public async Task A_long_message_may_be_cut_anywhere(string message, int length)
    {
        string line = string.Format(System.Globalization.CultureInfo.InvariantCulture, message, new string('x', length));
        var conversation = new Conversation("long", $"""
            > Query "select"
            < RowDescription (("n" 0 0 25 -1 -1 0))
            < DataRow ("before")
            < {line}
            < DataRow ("behind")
            < {line}
            < CommandComplete "SELECT"
            < ReadyForQuery I
            """);
        int start = Transcript.Parse("""
            < RowDescription (("n" 0 0 25 -1 -1 0))
            < DataRow ("before")
            """).BytesSentBy(Side.Backend);
        int total = conversation.Exact.BytesSentBy(Side.Backend);
        int[] places = [start, start + 1, start + 4, start + 5, start + 6, start + 4095, start + 4096, start + 65_535, start + 65_536, start + 65_541, start + length, total - 6, total - 5, total - 1];
        await PlayAsync(conversation, places.Where(place => place < total).Select(place => (Cut.None, new Cut(place))));
    }

    [Theory]
    [InlineData(5000)]
    [InlineData(70_000)]
    [InlineData(300_000)]
    public async Task A_long_message_of_a_client_may_be_cut_anywhere(int length)
    {
        await using ProxyUnderTest proxy = await scene.StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string value = new('x', length);
        var transcript = Transcript.Parse($"""
            > Query "select length('{value}') as n"
            > Parse "" "select length($1) + length('{value}') as n" ()
            > Bind "" "" () ("{value}") ()
            > Execute "" 0
            > Sync
            > Query ""
            < RowDescription (("n" 0 0 23 4 -1 0))
            < DataRow ("{length}")
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            < ParseComplete
            < BindComplete
            < DataRow ("{2 * length}")
            < CommandComplete "SELECT 1"
            < ReadyForQuery I
            < EmptyQueryResponse
            < ReadyForQuery I
            """);
        int[] places = [1, 4, 5, 4096, 65_535, 65_536, 65_541, length, length + 40, (2 * length) + 60, (3 * length) + 90, (3 * length) + 120];
        foreach (int place in places.Where(place => place < transcript.BytesSentBy(Side.Frontend)))
        {
            await transcript.PlayAsync(client, new Cut(place));
        }
    }

    private static async Task PlayAsync(Conversation conversation, IEnumerable<(Cut Client, Cut Server)> turns)
    {
        Transcript transcript = conversation.Exact;
        await using ScriptedBackend backend = ScriptedBackend.Start();
        await using ProxyUnderTest proxy = await ProxyUnderTest.StartAsync(place => PoolScene.Text(place.Port, backend.Port, "x"));
        Task<RawClient> entering = proxy.LoginAsync("a", "app");
        await using ScriptedSession server = await backend.AcceptAsync();
        await server.LoginAsync();
        await using RawClient client = await entering;
        int turn = 0;
        foreach ((Cut clientCut, Cut serverCut) in turns)
        {
            Task asked = transcript.PlayAsync(client, clientCut);
            Task answered = conversation.Upstream(turn++).PlayAsync(server, serverCut);
            // Whichever fails first says why; the other then only waits.
            await await Task.WhenAny(asked, answered);
            await Task.WhenAll(asked, answered);
        }
    }

    private static Conversation Of(string name) => Conversations.All.Single(conversation => conversation.Name == name);
}

/// <inheritdoc/>
public sealed class CutTestsOnNewest(PoolSceneOnNewest scene) : CutTests(scene), IClassFixture<PoolSceneOnNewest>;
