using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Pipelining;

/// <summary>Which statements go behind one another, on real servers, and which never do.</summary>
public sealed class PipelineStatementTests
{
    private const int Clients = 12;
    private const int Times = 60;

    public static IEnumerable<object[]> Riding =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from form in (string[])["simple", "extended", "described", "named", "kept", "insert", "with", "values"]
        select new object[] { major, form };

    public static IEnumerable<object[]> Majors => AvailablePostgres.Found.Select(binaries => new object[] { binaries.Major });

    public static IEnumerable<object[]> Staying =>
        from text in (string[])[
            "select 1; select 2", "begin; commit", "set application_name = 'x'", "show timezone", "table staying", "(select 1)",
            "select * from staying for update", "select * from staying for no key update", "select * from staying for share", "select * from staying for key share",
            "select set_config('a.b', 'c', false)", "select pg_advisory_lock(1), pg_advisory_unlock(1)", "select pg_try_advisory_lock(1), pg_advisory_unlock(1)",
            "listen l", "notify l", "do $$ begin end $$", "call nothing()", "copy (select 1) to stdout", "explain select 1", "merge into staying s using (select 1 as y) t on s.x = t.y when matched then do nothing",
            "create temp table if not exists t(x int)", "discard plans", "deallocate all", "lock table staying", ""]
        select new object[] { text };

    [Theory]
    [MemberData(nameof(Riding))]
    public async Task Independent_statements_go_behind_one_another(int major, string form)
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(major, database: form == "kept" ? "cache_unnamed_statements = true" : "");
        await place.Database.ExecuteAsync("create table riding(x int)");
        Func<RawClient, Task> act = form switch
        {
            "simple" => client => RowAsync(client.Query("select 'a'")),
            "extended" or "kept" => client => RowAsync(client.Parse("", "select $1::text").Bind("", "", "a").Execute().Sync()),
            "described" => client => RowAsync(client.Parse("", "select $1::text").DescribeStatement("").Bind("", "", "a").DescribePortal().Execute().Sync()),
            "named" => client => RowAsync(client.Bind("", "s", "a").DescribePortal().Execute().Sync()),
            "insert" => client => RowAsync(client.Query("insert into riding values (1) returning 'a'")),
            "with" => client => RowAsync(client.Query("with w as (update riding set x = 2 where false returning x) select 'a' from (values (1)) v")),
            _ => client => RowAsync(client.Query("values ('a')")),
        };
        await WaitFor.TrueAsync(async () =>
        {
            await place.CrowdAsync(Clients, Times, act, async client =>
            {
                if (form == "named")
                {
                    await client.Parse("s", "select $1::text").Sync().RoundTripAsync();
                }
            });
            return await place.PipelinedAsync() > 0;
        });

        if (form == "insert")
        {
            Assert.Equal(0, long.Parse((await place.ScalarAsync("select count(*) from riding"))!, System.Globalization.CultureInfo.InvariantCulture) % (Clients * Times));
        }
    }

    [Theory]
    [MemberData(nameof(Staying))]
    public async Task Others_never_do(string text)
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(AvailablePostgres.Found[0].Major);
        await place.Database.ExecuteAsync("create table staying(x int); create procedure nothing() language sql as 'select 1'");
        await place.CrowdAsync(Clients, Times / 3, client => client.QueryAsync(text));
        if (!text.Contains(';', StringComparison.Ordinal))
        {
            await place.CrowdAsync(Clients, Times / 3, client => client.Parse("", text).Bind("", "").Execute().Sync().RoundTripAsync());
        }

        Assert.Equal(0, await place.PipelinedAsync());
    }

    [Fact]
    public async Task Two_Syncs_two_statements_and_a_batch_without_its_end_stay_alone()
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(AvailablePostgres.Found[0].Major);
        await place.CrowdAsync(Clients, Times, async client =>
        {
            await client.Parse("", "select 1").Bind("", "").Execute().Bind("", "").Execute().Sync().RoundTripAsync();
            await client.Parse("", "select 1").Bind("", "").Execute().Flush().SendAsync();
            await client.ReadUntilAsync("CommandComplete");
            await client.Sync().RoundTripAsync();
            await client.Parse("", "select 1").Bind("", "").Sync().RoundTripAsync();
        });
        Assert.Equal(0, await place.PipelinedAsync());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_kept_copy_that_no_longer_fits_is_nobodys_error_with_others_behind_it(int major)
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(major, database: "cache_unnamed_statements = true");
        await place.Database.ExecuteAsync("create table changing(x text); insert into changing values ('a')");
        using var over = new CancellationTokenSource();
        Task changing = Task.Run(async () =>
        {
            // Past the proxy, which cannot know of it.
            while (!over.IsCancellationRequested)
            {
                await place.Database.ExecuteAsync("alter table changing add y int");
                await place.Database.ExecuteAsync("alter table changing drop y");
                await Task.Delay(20);
            }
        });
        await WaitFor.TrueAsync(async () =>
        {
            await place.CrowdAsync(Clients, Times, client => RowAsync(client.Parse("", "select * from changing").Bind("", "").DescribePortal().Execute().Sync()));
            return await place.PipelinedAsync() > 0;
        });
        await over.CancelAsync();
        await changing;
    }

    [Fact]
    public async Task Nobody_goes_behind_a_session()
    {
        await using PipelinePlace place = await PipelinePlace.StartAsync(AvailablePostgres.Found[0].Major, mode: "session", size: Clients);
        await place.CrowdAsync(Clients, Times, client => RowAsync(client.Query("select 'a'")));
        Assert.Equal(0, await place.PipelinedAsync());
    }

    private static async Task RowAsync(RawClient client)
    {
        var answer = await client.RoundTripAsync();
        Assert.Equal("", answer.ErrorText());
        Assert.Equal(["a"], answer.Rows());
    }
}
