using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary><c>cache_unnamed_statements</c> while tables change: a client sees what a fresh Parse would have shown it.</summary>
public sealed class KeptSchemaTests
{
    /// <summary>What is done to table <c>t (x int)</c> with the row 1, and what <c>select * from t</c> says afterwards, first column.</summary>
    private static readonly (string Change, string Says)[] Changes =
    [
        ("alter table t add y int default 2", "1"),
        ("alter table t alter x type text using 'one'", "one"),
        ("alter table t add a text default 'a'; alter table t drop x", "a"),
        ("drop table t; create table t as select 'new' z", "new"),
        ("alter table t rename to u; create view t as select x + 10 as x from u", "11"),
        ("drop table t", "42P01"),
    ];

    public static IEnumerable<object[]> Cases =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from change in Enumerable.Range(0, Changes.Length)
        from who in (string[])["itself", "another client", "somebody past the proxy"]
        select new object[] { major, change, who };

    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task After_a_change_a_Parse_is_as_good_as_a_fresh_one(int major, int change, string who)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await place.LoginAsync();
        await using RawClient other = who == "somebody past the proxy" ? await place.LoginDirectlyAsync() : await place.LoginAsync();
        const string sql = "select * from t";
        for (int turn = 0; turn < 4; turn++)
        {
            Assert.Equal("1", await client.AskAsync(sql));
        }
        (string sqlOfChange, string says) = Changes[change];
        await (who == "itself" ? client : other).QueryAsync(sqlOfChange);
        IReadOnlyList<WireMessage> answer = await client.RunAsync(sql);
        if (says.StartsWith("42", StringComparison.Ordinal))
        {
            Assert.Equal(says, answer.SqlState());
            Assert.Equal('I', answer.Status());
            return;
        }
        Assert.Equal("ParseComplete BindComplete RowDescription DataRow CommandComplete ReadyForQuery", answer.Names());
        Assert.Equal([says], answer.Rows());
        Assert.Equal(says, await client.AskAsync(sql));
        Assert.Equal(says, await client.AskAsync(sql));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_description_of_the_statement_is_of_today(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await place.LoginAsync();
        for (int turn = 0; turn < 4; turn++)
        {
            await client.RunAsync("select * from t");
        }
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        IReadOnlyList<WireMessage> answer = await client.Parse("", "select * from t").DescribeStatement("").Sync().RoundTripAsync();
        Assert.Equal("ParseComplete ParameterDescription RowDescription ReadyForQuery", answer.Names());
        Assert.Contains("\"y\"", answer[2].ToString(), StringComparison.Ordinal);
        Assert.Equal(["1"], (await client.Bind("", "").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task What_follows_in_the_pipeline_is_not_overtaken(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await place.LoginAsync();
        for (int turn = 0; turn < 4; turn++)
        {
            await client.RunAsync("select * from t");
        }
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        await client.Parse("", "select * from t").Bind("", "").Execute().Sync().SendAsync();
        await client.Query("select 'behind'").SendAsync();
        IReadOnlyList<WireMessage> first = await client.ReadUntilAsync("ReadyForQuery");
        IReadOnlyList<WireMessage> second = await client.ReadUntilAsync("ReadyForQuery");
        // Where both came in one read the error cannot be hidden: the second would have run ahead of the repetition.
        Assert.True(first.SqlState() is "0A000" || first.Rows().SequenceEqual(["1"]), first.Names());
        Assert.Equal(["behind"], second.Rows());
        Assert.Equal("1", await client.AskAsync("select * from t"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_batch_in_pieces_is_repeated_too(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await place.LoginAsync();
        for (int turn = 0; turn < 4; turn++)
        {
            await client.RunAsync("select * from t");
        }
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        await client.Parse("", "select * from t").Bind("", "").DescribePortal().Execute().Sync().SendInPiecesAsync(3, 11);
        IReadOnlyList<WireMessage> answer = await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("ParseComplete BindComplete RowDescription DataRow CommandComplete ReadyForQuery", answer.Names());
    }

    /// <summary>An open transaction cannot be repeated: this is the one place where a client sees an error that PostgreSQL would not raise. Once.</summary>
    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Inside_a_transaction_a_change_past_the_proxy_fails_it_once(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await place.LoginAsync();
        for (int turn = 0; turn < 4; turn++)
        {
            await client.RunAsync("select * from t");
        }
        await client.QueryAsync("begin");
        await place.Database.ExecuteAsync("alter table t add y int default 2");
        Assert.Equal("0A000", await client.AskAsync("select * from t"));
        Assert.Equal('I', (await client.QueryAsync("rollback")).Status());
        await client.QueryAsync("begin");
        Assert.Equal("1", await client.AskAsync("select * from t"));
        await client.QueryAsync("commit");
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task In_a_transaction_that_changes_tables_every_Parse_is_fresh(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await using RawClient client = await place.LoginAsync();
        for (int turn = 0; turn < 4; turn++)
        {
            Assert.Equal("1", await client.AskAsync("select * from t"));
        }
        await client.QueryAsync("begin; create temp table t on commit drop as select 'temporary' as x");
        Assert.Equal("temporary", await client.AskAsync("select * from t"));
        await client.QueryAsync("drop table t");
        Assert.Equal("1", await client.AskAsync("select * from t"));
        await client.QueryAsync("alter table t add y int");
        Assert.Equal("1", await client.AskAsync("select * from t"));
        await client.QueryAsync("rollback");
        Assert.Equal("1", await client.AskAsync("select * from t"));
    }

    /// <summary>PostgreSQL itself does not look after this: a prepared statement goes on with the table that it has found.</summary>
    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_table_that_another_client_makes_in_an_earlier_schema_is_found(int major)
    {
        await using KeptPlace place = await WithTableAsync(major, size: 2);
        await place.Database.ExecuteAsync("create schema early");
        await using RawClient client = await place.LoginAsync(("search_path", "early, public"));
        await using RawClient other = await place.LoginAsync();
        for (int turn = 0; turn < 4; turn++)
        {
            Assert.Equal("1", await client.AskAsync("select * from t"));
        }
        await other.QueryAsync("begin; create table early.t as select 'early' as x");
        Assert.Equal("1", await client.AskAsync("select * from t"));
        await other.QueryAsync("commit");
        Assert.Equal("early", await client.AskAsync("select * from t"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_function_that_drops_the_servers_statements_goes_unnoticed(int major)
    {
        await using KeptPlace place = await WithTableAsync(major);
        await place.Database.ExecuteAsync("create function forget() returns int language plpgsql as $$ begin execute 'deallocate all'; return 1; end $$");
        await using RawClient client = await place.LoginAsync();
        for (int turn = 0; turn < 4; turn++)
        {
            Assert.Equal("1", await client.AskAsync("select * from t"));
        }
        await client.QueryAsync("select forget()");
        IReadOnlyList<WireMessage> answer = await client.RunAsync("select * from t");
        Assert.Equal("ParseComplete BindComplete RowDescription DataRow CommandComplete ReadyForQuery", answer.Names());
    }

    private static async Task<KeptPlace> WithTableAsync(int major, int size = 1)
    {
        KeptPlace place = await KeptPlace.StartAsync(major, size: size);
        await place.Database.ExecuteAsync("create table t as select 1 as x");
        return place;
    }
}
