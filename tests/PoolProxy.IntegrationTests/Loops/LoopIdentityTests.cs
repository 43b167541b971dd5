using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Loops;

/// <summary>What keeps identities apart holds for servers that go from loop to loop.</summary>
public sealed class LoopIdentityTests
{
    [Theory]
    [InlineData("partitioned")]
    [InlineData("set_role")]
    [InlineData("exclusive")]
    public async Task Two_people_on_two_loops_share_one_server_and_nothing_else(string level)
    {
        await using Installation place = await Installation.StartAsync(15, new InstallationOptions { Level = level, Proxy = "threads = 2" });
        await using RawClient alice = await place.LoginAsync("alice");
        await using RawClient bob = await place.LoginAsync("bob");
        int server = await alice.BackendIdAsync();
        for (int turn = 0; turn < 10; turn++)
        {
            await alice.DoAsync("create temp table secret as select 1; prepare hidden as select 2; select set_config('app.mark', 'of alice', false)");
            Assert.Equal("bob", await bob.SaysAsync(RawClientQuestions.Subject));
            Assert.Equal("of bob", await bob.SaysAsync("select string_agg(body, ',') from notes"));
            Assert.Equal("(null)", await bob.SaysAsync("select to_regclass('pg_temp.secret')"));
            Assert.Equal("0", await bob.SaysAsync("select count(*) from pg_prepared_statements where name = 'hidden'"));
            Assert.NotEqual("of alice", await bob.SaysAsync("select current_setting('app.mark', true)"));
            Assert.Equal("alice", await alice.SaysAsync(RawClientQuestions.Subject));
            Assert.Equal("of alice", await alice.SaysAsync("select string_agg(body, ',') from notes"));
            Assert.Equal("(null)", await alice.SaysAsync("select to_regclass('pg_temp.secret')"));
        }
        if (level != "exclusive")
        {
            Assert.Equal(server, await bob.BackendIdAsync());
        }
    }

    [Fact]
    public async Task The_same_person_on_two_loops_is_one_identity_and_pays_no_prelude()
    {
        await using Installation place = await Installation.StartAsync(15, new InstallationOptions { Proxy = "threads = 2" });
        await using RawClient first = await place.LoginAsync("alice");
        await using RawClient second = await place.LoginAsync("alice");
        await first.DoAsync("create temp table kept as select 'kept' as word");
        for (int turn = 0; turn < 10; turn++)
        {
            // A wipe in between would have taken the table.
            Assert.Equal("kept", await second.SaysAsync("select word from pg_temp.kept"));
            Assert.Equal("kept", await first.SaysAsync("select word from pg_temp.kept"));
        }
    }

    [Theory]
    [InlineData("partitioned")]
    [InlineData("set_role")]
    public async Task Many_people_on_two_loops_see_their_own_rows_only(string level)
    {
        await using Installation place = await Installation.StartAsync(15, new InstallationOptions { Level = level, PoolSize = 2, Proxy = "threads = 2" });
        string[] people = ["alice", "bob", "carol", "dave", "erin", "frank"];
        await place.Database.ExecuteAsync($"insert into notes (owner, body) select owner, 'of ' || owner from unnest(array['{string.Join("','", people[2..])}']) owner");
        var clients = new List<(string Person, RawClient Client)>();
        foreach (string person in people)
        {
            clients.Add((person, await place.LoginAsync(person)));
        }
        await Task.WhenAll(clients.Select(pair => Task.Run(async () =>
        {
            for (int turn = 0; turn < 100; turn++)
            {
                Assert.Equal($"{pair.Person}|of {pair.Person}", await pair.Client.SaysExtendedAsync($"select ({RawClientQuestions.Subject}) || '|' || (select string_agg(body, ',') from notes)"));
            }
        })));
        foreach ((_, RawClient client) in clients)
        {
            await client.DisposeAsync();
        }
    }
}
