using PoolProxy.Sandbox.Postgres;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Transcripts;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.UnitTests.Testing;

/// <summary>The tools themselves: a raw client against a real server, and transcripts between a raw client and a scripted backend.</summary>
public sealed class TranscriptTests
{
    private const string Simple = """
        # The simplest conversation there is.
        > Query "SELECT 1"
        < RowDescription (("?column?" 0 0 23 4 -1 0))
        < DataRow ("1")
        < CommandComplete "SELECT 1"
        < ReadyForQuery I
        """;

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_real_server_answers_as_the_transcript_says_however_the_bytes_are_cut(int major)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(PostgresWish.Exactly(major));
        await using RawClient client = await database.ConnectRawAsync();
        Transcript transcript = Transcript.Parse(Simple);

        foreach (Cut cut in transcript.Cuts(Side.Frontend))
        {
            await transcript.PlayAsync(client, cut);
        }
    }

    [Fact]
    public async Task An_abbreviated_line_demands_only_its_parts()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using RawClient client = await database.ConnectRawAsync();

        await Transcript.Parse("""
            > Query "SELEC"
            < ErrorResponse S="ERROR" C="42601" M="syntax error at or near \"SELEC\"" …
            < ReadyForQuery I
            """).PlayAsync(client);
    }

    [Fact]
    public async Task A_difference_shows_the_conversation_and_what_came()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using RawClient client = await database.ConnectRawAsync();

        TranscriptException error = await Assert.ThrowsAsync<TranscriptException>(() => Transcript.Parse("""
            > Query ""
            < EmptyQueryResponse
            < ReadyForQuery T
            """).PlayAsync(client));

        Assert.Contains("< ReadyForQuery T\nbut it was: ReadyForQuery I", error.Message);
    }

    [Fact]
    public async Task Both_ends_of_a_transcript_can_be_played()
    {
        Transcript transcript = Transcript.Parse(Simple);
        await using ScriptedBackend backend = ScriptedBackend.Start(async session =>
        {
            await session.LoginAsync();
            await transcript.PlayAsync(session, Cut.EveryByte);
        });
        await using RawClient client = await RawClient.ConnectAsync(backend.Port);
        await client.LoginAsync("alice", "app");

        await transcript.PlayAsync(client, Cut.EveryByte);

        Assert.Equal(4711, client.ProcessId);
    }

    [Theory]
    [InlineData("test_scram", "scram-sha-256")]
    [InlineData("test_md5", "md5")]
    [InlineData("test_cleartext", "scram-sha-256")]
    public async Task A_raw_client_logs_in_by_every_password_method(string group, string encryption)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        string role = database.Role("carol");
        await database.ExecuteAsync($"set password_encryption = '{encryption}'; create role {role} login password 'secret' in role {group}");
        await using RawClient client = await RawClient.ConnectAsync(database.Cluster.Port);

        RawLogin login = await client.TryLoginAsync(role, database.Name, "secret");

        Assert.Null(login.Error);
        Assert.Equal(role, await client.ScalarAsync("select current_user"));
        await client.Stream.DisposeAsync();
        await database.Cluster.ExecuteAsync($"drop role {role}");
    }

    [Fact]
    public async Task A_raw_client_cancels_its_query()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using RawClient client = await database.ConnectRawAsync();
        await client.Query("select pg_sleep(600)").SendAsync();
        await WaitFor.TrueAsync(async () => await database.QueryAsync<long>($"select count(*) from pg_stat_activity where pid = {client.ProcessId} and wait_event = 'PgSleep'") == 1);

        await client.CancelAsync();

        Assert.Equal("57014", (await client.ReadUntilAsync("ReadyForQuery")).Single(message => message.Name == "ErrorResponse").SqlState);
    }

    [Fact]
    public async Task A_failed_script_fails_the_test_when_the_backend_is_disposed()
    {
        ScriptedBackend backend = ScriptedBackend.Start(session => session.ExpectAsync("Query"));
        await using (RawClient client = await RawClient.ConnectAsync(backend.Port))
        {
            await client.Sync().SendAsync();
            await client.ReadToEndAsync();
        }

        await Assert.ThrowsAsync<InvalidDataException>(async () => await backend.DisposeAsync());
    }
}
