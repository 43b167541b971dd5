using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>
/// A server's copy of a named statement is out of date, or gone, and nobody but the server knows. Where the client learns from the same batch
/// what it gets, it notices nothing; where it relies on what it was told before, it is told once.
/// </summary>
public sealed class ChangedResultTests
{
    private const string Sql = "select * from t";

    /// <summary>The batches that say to their client what the results are, and how they are answered.</summary>
    private static readonly Dictionary<string, (Action<RawClient> Batch, string Answer)> Told = new()
    {
        ["a Parse of its own"] = (c => c.Parse("n", Sql).Bind("", "n").Execute().Sync(), "ParseComplete BindComplete DataRow CommandComplete ReadyForQuery"),
        ["a Parse, described"] = (c => c.Parse("n", Sql).DescribeStatement("n").Sync(), "ParseComplete ParameterDescription RowDescription ReadyForQuery"),
        ["a Parse behind a Close"] = (c => c.CloseStatement("s").Parse("s", Sql).Bind("", "s").Execute().Sync(), "CloseComplete ParseComplete BindComplete DataRow CommandComplete ReadyForQuery"),
        ["two Parses"] = (c => c.Parse("n", Sql).Parse("m", "select 'fits'").Bind("", "n").Execute().Bind("", "m").Execute().Sync(), "ParseComplete ParseComplete BindComplete DataRow CommandComplete BindComplete DataRow CommandComplete ReadyForQuery"),
        ["a description of the statement"] = (c => c.DescribeStatement("s").Bind("", "s").Execute().Sync(), "ParameterDescription RowDescription BindComplete DataRow CommandComplete ReadyForQuery"),
        ["a description of the portal"] = (c => c.Bind("p", "s").DescribePortal("p").Execute("p").Sync(), "BindComplete RowDescription DataRow CommandComplete ReadyForQuery"),
        ["a description behind the portal"] = (c => c.Bind("", "s").Execute().DescribeStatement("s").Sync(), "BindComplete DataRow CommandComplete ParameterDescription RowDescription ReadyForQuery"),
    };

    /// <summary>The batches that do not, or that cannot be sent again.</summary>
    private static readonly Dictionary<string, Action<RawClient>> Untold = new()
    {
        ["a Bind alone"] = c => c.Bind("", "s").Execute().Sync(),
        ["the description of another"] = c => c.Bind("", "s").Execute().DescribeStatement("other").Sync(),
        ["a Parse of another"] = c => c.Parse("n", "select 'other'").Bind("", "s").Execute().Sync(),
        ["another portal's description"] = c => c.Bind("p", "s").Execute("p").Bind("q", "other").DescribePortal("q").Sync(),
        ["something said before"] = c => c.Bind("", "other").Execute().Bind("", "s").DescribePortal().Execute().Sync(),
        ["a batch too long to keep"] = c => c.DescribeStatement("s").Bind("", "s").Execute().Bind("", "text", new string('x', 20_000)).Execute().Sync(),
    };

    public static IEnumerable<object[]> ToldCases => Cases(Told.Keys);

    public static IEnumerable<object[]> UntoldCases => Cases(Untold.Keys);

    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(ToldCases))]
    public async Task Who_is_told_in_the_same_batch_notices_nothing(int major, string how)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await PreparedAsync(place);
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        Told[how].Batch(client);
        IReadOnlyList<WireMessage> answer = await client.RoundTripAsync();
        Assert.Equal(Told[how].Answer, answer.Names());
        Assert.All(answer.Where(message => message.Name == "RowDescription"), message => Assert.Contains("\"y\"", message.ToString(), StringComparison.Ordinal));
        Assert.All(answer.Rows().Take(1), row => Assert.Equal("1", row));
        // Its names are as they would be had it gone well at first, and so it is from here on.
        Assert.Equal("42P05", (await client.Parse(how.Contains("Parse", StringComparison.Ordinal) && !how.Contains("Close", StringComparison.Ordinal) ? "n" : "s", Sql).Sync().RoundTripAsync()).SqlState());
        Assert.Equal(["1"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(ToldCases))]
    public async Task So_it_is_in_pieces(int major, string how)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await PreparedAsync(place);
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        Told[how].Batch(client);
        await client.SendByteByByteAsync();
        IReadOnlyList<WireMessage> answer = await client.ReadUntilAsync("ReadyForQuery");
        // The Sync may come too late for the proxy to have the whole batch: then the error is the client's, once.
        Assert.True(answer.SqlState() == "0A000" || answer.Names() == Told[how].Answer, answer.Names());
        Assert.Equal(["1"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(UntoldCases))]
    public async Task Who_relies_on_what_it_was_told_before_gets_the_error_once(int major, string how)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await PreparedAsync(place);
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        Untold[how](client);
        IReadOnlyList<WireMessage> answer = await client.RoundTripAsync();
        Assert.Equal("0A000", answer.SqlState());
        Assert.Equal('I', answer.Status());
        Assert.Equal(["1"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_prepared_statement_in_the_manner_of_asyncpg_is_described_as_it_is_now(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient first = await PreparedAsync(place);
        await using RawClient second = await place.LoginAsync();
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        await second.Parse("stmt_1", Sql).DescribeStatement("stmt_1").Flush().SendAsync();
        IReadOnlyList<WireMessage> described = await second.ExpectAllAsync("ParseComplete", "ParameterDescription", "RowDescription");
        Assert.Contains("\"y\"", described[2].ToString(), StringComparison.Ordinal);
        Assert.Equal("BindComplete DataRow CommandComplete ReadyForQuery", (await second.Bind("", "stmt_1").Execute().Sync().RoundTripAsync()).Names());
        // The server is everybody's again, and the first client's statement is as good.
        Assert.Equal(["1"], (await first.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task What_is_sent_behind_the_error_is_skipped_to_the_Sync(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await PreparedAsync(place);
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        await client.Bind("", "s").Execute().Flush().SendAsync();
        await client.ExpectAsync("ErrorResponse");
        Assert.Equal("ReadyForQuery", (await client.Bind("", "s").Parse("n", Sql).Bind("", "n").CloseStatement("s").Sync().RoundTripAsync()).Names());
        Assert.Equal(["1"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        Assert.Equal("26000", (await client.Bind("", "n").Sync().RoundTripAsync()).SqlState());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Inside_a_transaction_the_error_is_the_clients(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await PreparedAsync(place);
        await client.QueryAsync("begin");
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        IReadOnlyList<WireMessage> answer = await client.Bind("", "s").DescribePortal().Execute().Sync().RoundTripAsync();
        Assert.Equal("0A000", answer.SqlState());
        Assert.Equal('E', answer.Status());
        await client.QueryAsync("rollback");
        await client.QueryAsync("begin");
        Assert.Equal(["1"], (await client.Bind("", "s").Execute().Sync().RoundTripAsync()).Rows());
        await client.QueryAsync("commit");
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task What_follows_in_the_pipeline_is_not_overtaken(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await PreparedAsync(place);
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        await client.Bind("", "s").DescribePortal().Execute().Sync().Bind("", "other").Execute().Sync().SendAsync();
        IReadOnlyList<WireMessage> first = await client.ReadUntilAsync("ReadyForQuery");
        IReadOnlyList<WireMessage> second = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("0A000", first.SqlState());
        Assert.Equal(["other"], second.Rows());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_copy_that_SQL_has_dropped_is_made_again_for_whoever_uses_it(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await place.Database.ExecuteAsync("create function forget() returns int language plpgsql as $$ begin execute 'deallocate all'; return 1; end $$");
        await using RawClient client = await PreparedAsync(place);
        foreach (Action<RawClient> batch in (Action<RawClient>[])[c => c.Bind("", "s").Execute().Sync(), c => c.DescribeStatement("s").Sync(), Untold["a Parse of another"]])
        {
            await client.QueryAsync("select forget()");
            batch(client);
            Assert.Equal("", (await client.RoundTripAsync()).ErrorText());
        }
    }

    private static IEnumerable<object[]> Cases(IEnumerable<string> names) =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from name in names
        select new object[] { major, name };

    /// <summary>A client with the statement, and a server that has a copy of it and of what stands beside it.</summary>
    private static async Task<RawClient> PreparedAsync(KeptPlace place)
    {
        RawClient client = await place.LoginAsync();
        await client.Parse("s", Sql).Parse("other", "select 'other'").Parse("text", "select length($1)", 25).Parse("fits", "select 'fits'").Sync().RoundTripAsync();
        Assert.Equal(["1", "other"], (await client.Bind("", "s").Execute().Bind("", "other").Execute().Sync().RoundTripAsync()).Rows());
        return client;
    }

    private static async Task<KeptPlace> WithTableAsync(int major)
    {
        KeptPlace place = await KeptPlace.StartAsync(major, database: "");
        await place.Database.ExecuteAsync("create table t as select 1 as x");
        return place;
    }
}
