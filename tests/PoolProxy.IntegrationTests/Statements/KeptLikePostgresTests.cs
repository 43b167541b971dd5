using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary><c>cache_unnamed_statements</c>: what a client is answered is what PostgreSQL itself answers, message by message, also when statements are prepared already.</summary>
public sealed class KeptLikePostgresTests
{
    /// <summary>Batches by name; what is sent again and again to PostgreSQL and through the proxy.</summary>
    private static readonly Dictionary<string, Action<RawClient>[]> Talks = new()
    {
        ["one query"] = [c => c.Parse("", "select $1::int").Bind("", "", "1").DescribePortal().Execute().Sync()],
        ["a query in two batches"] = [c => c.Parse("", "select $1::int").DescribeStatement("").Sync(), c => c.Bind("", "", "1").Execute().Sync()],
        ["several in one batch"] =
        [
            c => c.Parse("", "select 1").Bind("", "").Execute().Parse("", "select 'two'").DescribeStatement("").Bind("", "").Execute().Parse("", "select 1").Bind("", "").Execute().Sync(),
            c => c.Bind("", "").Execute().Sync(),
        ],
        ["a Parse alone"] = [c => c.Parse("", "select 1").Sync()],
        ["Flush between"] = [c => c.Parse("", "select 1").Flush().Bind("", "").Flush().Execute().Sync()],
        ["nothing after Close"] = [c => c.Parse("", "select 1").CloseStatement("").Bind("", "").Sync(), c => c.DescribeStatement("").Sync()],
        ["nothing after a Query"] = [c => c.Parse("", "select 1").Sync(), c => c.Query("select 2"), c => c.Bind("", "").Execute().Sync()],
        ["nothing at first"] = [c => c.Query("select 3"), c => c.Bind("", "").Execute().Sync()],
        ["a new one in place of the old"] = [c => c.Parse("", "select 1").Sync(), c => c.Parse("", "select 'other'").Sync(), c => c.Bind("", "").DescribePortal().Execute().Sync()],
        ["a plain one in place of a kept one"] = [c => c.Parse("", "select 1").Sync(), c => c.Parse("", "show server_encoding").Sync(), c => c.Bind("", "").Execute().Sync(), c => c.Parse("", "select 1").Bind("", "").Execute().Sync()],
        ["a Parse that fails"] = [c => c.Parse("", "select 1").Sync(), c => c.Parse("", "select * from missing_table").Bind("", "").Execute().Sync()],
        ["a Bind that fails"] = [c => c.Parse("", "select $1::int").Bind("", "", "x").Execute().Sync(), c => c.Bind("", "", "5").Execute().Sync()],
        ["an Execute that fails"] = [c => c.Parse("", "select 1 / $1::int").Bind("", "", "0").Execute().Parse("", "select 'skipped'").Bind("", "").Execute().Sync(), c => c.Query("select 1")],
        ["an unknown portal"] = [c => c.Parse("", "select 1").Bind("", "").Execute("missing").Sync()],
        ["a failed transaction"] =
        [
            c => c.Query("begin"), c => c.Parse("", "select 1").Bind("", "").Execute().Sync(), c => c.Parse("", "select 1 / $1::int").Bind("", "", "0").Execute().Sync(),
            c => c.Parse("", "select 1").Bind("", "").Execute().Sync(), c => c.Query("rollback"),
        ],
        ["a transaction that goes well"] =
        [
            c => c.Parse("", "begin").Bind("", "").Execute().Sync(), c => c.Parse("", "select 1").Bind("", "").Execute().Sync(),
            c => c.Parse("", "commit").Bind("", "").Execute().Sync(), c => c.Parse("", "select 1").Bind("", "").Execute().Sync(),
        ],
        ["settings in between"] =
        [
            c => c.Parse("", "select timestamptz '2024-06-01 12:00:00'").Bind("", "").Execute().Sync(),
            c => c.Parse("", "set timezone = 'Asia/Tokyo'").Bind("", "").Execute().Parse("", "select timestamptz '2024-06-01 12:00:00'").Bind("", "").Execute().Sync(),
            c => c.Parse("", "select timestamptz '2024-06-01 12:00:00'").Bind("", "").Execute().Sync(),
            c => c.Query("reset timezone"),
            c => c.Parse("", "select timestamptz '2024-06-01 12:00:00'").Bind("", "").Execute().Sync(),
        ],
        ["statements dropped in the same batch"] =
        [
            c => c.Parse("", "select 1").Bind("", "").Execute().Parse("", "deallocate all").Bind("", "").Execute().Parse("", "select 1").Bind("", "").Execute().Sync(),
            c => c.Bind("", "").Execute().Sync(),
        ],
        ["named ones beside it"] =
        [
            c => c.Parse("", "select 'u'").Parse("n", "select 'n'").Bind("", "").Execute().Bind("", "n").Execute().CloseStatement("n").Sync(),
            c => c.Bind("", "n").Sync(), c => c.Bind("", "").Execute().Sync(),
        ],
        ["types given"] = [c => c.Parse("", "select $1", 23).DescribeStatement("").Bind("", "", "7").Execute().Sync(), c => c.Parse("", "select $1", 25).DescribeStatement("").Bind("", "", "x").Execute().Sync()],
        ["a named portal"] = [c => c.Parse("", "select generate_series(1, 5)").Bind("p", "").Execute("p", 2).Execute("p", 2).ClosePortal("p").Sync()],
        ["rows by and by"] = [c => c.Parse("", "values (1), (2), (3)").Bind("", "").DescribePortal().Execute("", 2).Execute("", 2).Sync()],
    };

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from talk in Talks.Keys
        select new object[] { major, talk };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_talk_goes_as_with_PostgreSQL(int major, string talk)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major, size: 2);
        await using RawClient direct = await place.LoginDirectlyAsync();
        await using RawClient proxied = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        for (int turn = 0; turn < 4; turn++)
        {
            foreach (Action<RawClient> batch in Talks[talk])
            {
                Assert.Equal(await AnswerAsync(direct, batch), await AnswerAsync(proxied, batch));
                // Somebody else's statements come in between.
                await other.RunAsync("select 'other'");
                await other.RunAsync("select 1");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task So_it_does_all_at_once(int major, string talk)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major);
        await using RawClient direct = await place.LoginDirectlyAsync();
        await using RawClient proxied = await place.LoginAsync();
        for (int turn = 0; turn < 4; turn++)
        {
            foreach (RawClient client in new[] { direct, proxied })
            {
                foreach (Action<RawClient> batch in Talks[talk])
                {
                    batch(client);
                }
                await client.SendAsync();
            }
            foreach (Action<RawClient> batch in Talks[talk])
            {
                IReadOnlyList<WireMessage> expected = await direct.ReadUntilAsync("ReadyForQuery");
                IReadOnlyList<WireMessage> actual = await proxied.ReadUntilAsync("ReadyForQuery");
                // What failed in a batch before was not known when this one's Parse was answered.
                if (talk == "a failed transaction" && expected.SqlState() == "25P02")
                {
                    Assert.Equal("25P02", actual.SqlState());
                    continue;
                }
                Assert.Equal(Print(expected), Print(actual));
            }
        }
    }

    private static async Task<string> AnswerAsync(RawClient client, Action<RawClient> batch)
    {
        batch(client);
        await client.SendAsync();
        return Print(await client.ReadUntilAsync("ReadyForQuery"));
    }

    // The proxy's own words for an error are PostgreSQL's, but carry no file and line.
    private static string Print(IEnumerable<WireMessage> messages) => string.Join('\n', messages
        .Where(message => message.Name != "ParameterStatus")
        .Select(message => message.Name == "ErrorResponse" ? $"{message.SqlState} {message.ErrorText}" : message.ToString()));
}
