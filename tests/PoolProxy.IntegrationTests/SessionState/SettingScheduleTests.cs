using System.Globalization;
using PoolProxy.IntegrationTests.Statements;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.SessionState;

/// <summary>
/// Any schedule of SET, RESET, transactions, savepoints and errors leaves two clients that share one server with what each would have in a session of its
/// own. The seed is in the failure.
/// </summary>
public sealed class SettingScheduleTests
{
    private const string Asks = "select current_setting('lock_timeout') || ' ' || coalesce(current_setting('my.own', true), '') || ' ' || current_setting('search_path')";

    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Two_clients_on_one_server_have_what_each_would_have_alone(int major)
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        await using KeptPlace place = await StatePlaces.StartAsync(major, "track");
        var pairs = new List<(RawClient Proxied, RawClient Direct)>();
        for (int i = 0; i < 2; i++)
            pairs.Add((await place.LoginAsync(), await place.LoginDirectlyAsync()));
        var done = new List<string>();
        for (int turn = 0; turn < 150; turn++)
        {
            (RawClient proxied, RawClient direct) = pairs[turn % 2];
            char status;
            do
            {
                string protocol = new[] { "simple", "unnamed", "named" }[random.Next(3)];
                string sql = Statement(random);
                if (protocol == "simple" && random.Next(3) == 0)
                    sql = $"{sql}; {Statement(random)}";
                done.Add($"{turn % 2} {protocol}: {sql}");
                IReadOnlyList<WireMessage> mine = await proxied.RunAsync(protocol, sql);
                IReadOnlyList<WireMessage> its = await direct.RunAsync(protocol, sql);
                status = its.Status();
                Assert.True(
                    (its.SqlState(), status) == (mine.SqlState(), mine.Status()),
                    $"seed {seed}: {its.SqlState()} {status} but {mine.SqlState()} {mine.Status()}\n{string.Join('\n', done)}");
            }
            while (status != 'I');
            string expected = (await direct.ScalarAsync(Asks))!, found = (await proxied.ScalarAsync(Asks))!;
            Assert.True(expected == found, $"seed {seed}: {expected} but {found}\n{string.Join('\n', done)}");
        }

        foreach ((RawClient proxied, RawClient direct) in pairs)
        {
            await proxied.DisposeAsync();
            await direct.DisposeAsync();
        }
    }

    private static string Statement(Random random)
    {
        string value = random.Next(1, 1000).ToString(CultureInfo.InvariantCulture);
        string savepoint = random.Next(2) == 0 ? "a" : "b";
        return random.Next(22) switch
        {
            0 or 1 or 2 => $"set lock_timeout = {value}",
            3 or 4 => $"set my.own = 'v{value}'",
            5 => $"set search_path = s{value}, \"S {value}\"",
            6 => "reset lock_timeout",
            7 => "set my.own to default",
            8 => "reset all",
            9 => $"set local lock_timeout = {value}",
            10 or 11 => "begin",
            12 or 13 => "commit",
            14 or 15 => "rollback",
            16 => $"savepoint {savepoint}",
            17 => $"release {savepoint}",
            18 or 19 => $"rollback to {savepoint}",
            20 => "select 'x'::int",
            _ => "discard all",
        };
    }
}
