using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Statements;

/// <summary>Statements, names and values of the sizes that PostgreSQL takes, on a server that serves others too.</summary>
public sealed class LargeStatementTests
{
    public static IEnumerable<object[]> Majors => AvailablePostgres.Majors;

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task As_many_parameters_as_the_protocol_has_room_for(int major)
    {
        const int Most = ushort.MaxValue;
        foreach (string limit in (string[])["", "max_statement_bytes = 1000000"])
        {
            await using KeptPlace place = await KeptPlace.StartAsync(major, limit, database: "");
            await using RawClient client = await place.LoginAsync();
            string sql = $"select cardinality(array[{string.Join(',', Enumerable.Range(1, Most).Select(number => $"${number}"))}]::int[])";
            string[] values = [.. Enumerable.Repeat("1", Most)];
            foreach (string name in (string[])["s", ""])
            {
                IReadOnlyList<WireMessage> answer = await client.Parse(name, sql).DescribeStatement(name).Sync().RoundTripAsync();
                Assert.Equal("1tTZ", string.Concat(answer.Select(message => (char)message.Type)));
                Assert.Equal([$"{Most}"], (await client.Bind("", name, values).Execute().Sync().RoundTripAsync()).Rows());
                await client.CloseStatement(name).Sync().RoundTripAsync();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_text_longer_than_any_buffer(int major)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major, database: "", size: 2);
        await using RawClient client = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        string sql = $"select length('{new string('x', 200_000)}') + $1::int";
        foreach (string name in (string[])["s", ""])
        {
            await client.Parse(name, sql).Sync().SendInPiecesAsync(1, 7, 65_000);
            Assert.Equal("ParseComplete ReadyForQuery", (await client.ReadUntilAsync("ReadyForQuery")).Names());
            // On another server it is prepared again.
            await other.QueryAsync("begin");
            Assert.Equal(["200001"], (await client.Bind("", name, "1").Execute().Sync().RoundTripAsync()).Rows());
            await other.QueryAsync("commit");
            Assert.Equal(["200002"], (await client.Bind("", name, "2").Execute().Sync().RoundTripAsync()).Rows());
        }
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Names_of_any_bytes_and_of_the_length_that_PostgreSQL_takes(int major)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major, database: "");
        await using RawClient client = await place.LoginAsync();
        await using RawClient direct = await place.LoginDirectlyAsync();
        foreach (string name in (string[])["\u0001 \"'\n;é漢", new string('n', 9_900), "x" + new string('n', 9_900), "poolproxy_1", "S", "s"])
        {
            foreach (RawClient each in new[] { direct, client })
            {
                var answer = await each.Parse(name, "select length($1::text)").DescribeStatement(name).Bind(name, name, name).DescribePortal(name).Execute(name).ClosePortal(name).Sync().RoundTripAsync();
                Assert.Equal("", answer.ErrorText());
                Assert.Equal("ParseComplete ParameterDescription RowDescription BindComplete RowDescription DataRow CommandComplete CloseComplete ReadyForQuery", answer.Names());
                Assert.Equal([$"{name.Length}"], answer.Rows());
                Assert.Equal("42P05", (await each.Parse(name, "select 1").Sync().RoundTripAsync()).SqlState());
            }
        }
        Assert.Equal("CloseComplete ReadyForQuery", (await client.CloseStatement("S").Sync().RoundTripAsync()).Names());
        Assert.Equal("26000", (await client.Bind("", "S", "x").Sync().RoundTripAsync()).SqlState());
        Assert.Equal(["1"], (await client.Bind("", "s", "x").Execute().Sync().RoundTripAsync()).Rows());
    }

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task A_portal_with_a_name_lives_as_long_as_its_transaction(int major)
    {
        await using KeptPlace place = await KeptPlace.StartAsync(major, database: "");
        await using RawClient client = await place.LoginAsync();
        await using RawClient other = await place.LoginAsync();
        await client.Parse("s", "select generate_series(1, 5)").Sync().RoundTripAsync();
        await client.QueryAsync("begin");
        await client.Bind("p", "s").Execute("p", 2).Sync().RoundTripAsync();
        await other.SendQueryAsync("select 'waits'");
        Assert.Equal(["3", "4"], (await client.Execute("p", 2).Sync().RoundTripAsync()).Rows());
        Assert.Equal(["5"], (await client.Execute("p", 2).Sync().RoundTripAsync()).Rows());
        await client.QueryAsync("commit");
        Assert.Equal(["waits"], (await other.ReadUntilAsync("ReadyForQuery")).Rows());
        Assert.Equal("34000", (await client.Execute("p").Sync().RoundTripAsync()).SqlState());
    }
}
