using PoolProxy.IntegrationTests.SessionState;
using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Notifications;

/// <summary>LISTEN where servers are shared: what is listened on, from when and until when, as PostgreSQL has it.</summary>
public sealed class ListenTests
{
    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    public static IEnumerable<object[]> Ways =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from way in ((string Policy, string Protocol)[])[("shared", "simple"), ("shared", "unnamed"), ("shared", "named"), ("track", "simple"), ("pin", "named")]
        select new object[] { major, way.Policy, way.Protocol };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_is_notified_behind_the_answer_arrives_and_no_server_is_kept(int major, string policy, string protocol)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major, policy);
        await using RawClient one = await place.LoginAsync();
        await using RawClient direct = await place.LoginDirectlyAsync();
        for (int turn = 0; turn < 3; turn++)
        {
            IReadOnlyList<WireMessage> answer = await one.RunAsync(protocol, "listen news");
            Assert.Equal((protocol == "simple" ? "" : "ParseComplete BindComplete ") + "CommandComplete ReadyForQuery", answer.Names().Replace("CloseComplete ", "", StringComparison.Ordinal));
            Assert.Contains("LISTEN", answer.Single(message => message.Name == "CommandComplete").ToString(), StringComparison.Ordinal);
            await direct.QueryAsync("notify news, 'hello'");
            Assert.Equal("news hello", await one.NotifiedAsync());
            Assert.Equal(("", "1"), (await place.Proxy.ShownAsync("pinned"), await place.Proxy.ShownAsync("channels")));
            Assert.Equal("", (await one.RunAsync(protocol, "unlisten news")).SqlState());
            Assert.Equal("0", await place.Proxy.ShownAsync("channels"));
        }

        Assert.Equal(1, await place.ListenersAsync());
        Assert.Equal("1", await one.ScalarAsync("select 1"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Transactions_decide_what_is_listened_on(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await one.QueryAsync("listen surely");
        foreach ((string script, string heard) in ((string, string)[])[
            ("begin; listen a; commit", "a"),
            ("begin; unlisten a; rollback", "a"),
            ("begin; unlisten a; commit", ""),
            ("begin; listen a; rollback", ""),
            ("begin; listen a; savepoint s; listen b; rollback to s; commit", "a"),
            ("begin; savepoint s; unlisten a; listen c; release s; commit", "c"),
            ("begin; listen a; listen b; unlisten c; select 'x'::int; commit", "c"),
            ("listen a; listen a; listen b", "a b c"),
            ("discard all; listen surely", ""),
            ("listen b; unlisten *; listen surely", ""),
            ("listen Folded; listen \"Quoted\"", "folded Quoted"),
            ("unlisten folded; unlisten quoted", "Quoted"),
            ("begin; listen a; commit and chain; listen b; rollback", "a Quoted"),
        ])
        {
            foreach (string statement in script.Split("; "))
                await one.QueryAsync(statement);
            Assert.Equal((script, heard), (script, await one.HeardAsync(place, "surely", "a", "b", "c", "folded", "Folded", "quoted", "Quoted")));
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Several_statements_in_one_Query_are_one_transaction(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await one.QueryAsync("listen surely; select 1");
        await one.QueryAsync("listen a; select 'x'::int");
        await one.QueryAsync("begin; listen b; commit; listen c; select 'x'::int");
        Assert.Equal("b", await one.HeardAsync(place, "surely", "a", "b", "c"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Names_are_PostgreSQLs(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await one.QueryAsync("listen surely");
        string longest = new('n', 63);
        Assert.Equal("", (await one.QueryAsync($"listen {longest}more")).SqlState());
        await one.QueryAsync("/* first */ Listen \"with \"\" quote\" -- so");
        await one.QueryAsync($"listen \"{new string('a', 62)}ää\"");
        await one.QueryAsync("listen \"Käse\"");
        Assert.Equal($"{longest} with Käse", await one.HeardAsync(place, "surely", longest, "with \"\" quote", "Käse"));
        await place.Database.ExecuteAsync($"notify {new string('a', 62)}, 'cut'");
        Assert.Equal($"{new string('a', 62)} cut", await one.NotifiedAsync());
        Assert.Equal("42601", (await one.QueryAsync("listen")).SqlState());
        Assert.Equal("42601", (await one.QueryAsync("listen 'x'")).SqlState());
        Assert.Equal("0A000", (await one.QueryAsync("listen U&\"x\"")).SqlState());
        Assert.Equal("1", await one.ScalarAsync("select 1"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_pipeline_of_batches_is_answered_in_order(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        foreach (string sql in (string[])["select 1", "listen a", "notify a, 'own'", "listen b", "select 2", "unlisten a", "select 3"])
            one.Parse("", sql).Bind("", "").Execute().Sync();
        one.Query("listen c").Query("select 4");
        await one.SendAsync();
        var answers = new List<WireMessage>();
        while (answers.Count(message => message.Name == "ReadyForQuery") < 9)
            answers.Add(await one.ReadAsync());
        Assert.Equal(["1", "2", "3", "4"], answers.Rows());
        Assert.Equal("", answers.SqlState());
        Assert.Equal("b", await one.HeardAsync(place, "c", "a", "b"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task The_work_goes_on_other_servers_which_do_not_listen(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major);
        await using RawClient one = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await one.QueryAsync("begin");
        await one.QueryAsync("listen news");
        await one.QueryAsync("commit");
        Assert.Equal("0", await other.ScalarAsync("select count(*) from pg_listening_channels()"));
        Assert.DoesNotContain("NotificationResponse", (await other.QueryAsync("notify news, 'hello'")).Names(), StringComparison.Ordinal);
        Assert.Equal("news hello", await one.NotifiedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_pool_of_one_server_cannot_listen_and_says_so(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major, size: 1);
        await using RawClient one = await place.LoginAsync();
        foreach (string protocol in (string[])["simple", "unnamed", "named"])
            Assert.Equal("53300", (await one.RunAsync(protocol, "listen news")).SqlState());
        await one.QueryAsync("begin");
        Assert.Equal('E', (await one.QueryAsync("listen news")).Status());
        await one.QueryAsync("rollback");
        Assert.Equal("1", await one.ScalarAsync("select 1"));
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task While_the_pool_is_busy_a_LISTEN_waits_as_any_statement(int major)
    {
        await using KeptPlace place = await ListenPlaces.StartAsync(major, size: 2);
        await using RawClient one = await place.LoginAsync();
        await using RawClient busy = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await busy.QueryAsync("begin");

        // One server is left: the one that listens has it, and so its client waits for another.
        await one.SendQueryAsync("listen news");
        await WaitFor.EqualAsync(1, place.ListenersAsync);
        await WaitFor.EqualAsync("waiting active idle", () => place.Proxy.ShownAsync("state"));
        await busy.QueryAsync("commit");
        Assert.Equal("CommandComplete ReadyForQuery", (await one.ReadUntilAsync("ReadyForQuery")).Names());
        Assert.Equal("1", await other.ScalarAsync("select 1"));
        Assert.Equal("", await one.HeardAsync(place, "news"));
    }
}
