using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>The prelude message by message, against a server that answers as the test says.</summary>
public sealed class PreludeOnTheWireTests
{
    [Fact]
    public async Task Nothing_of_a_client_goes_ahead_of_its_prelude_and_nothing_behind_its_first_Query_before_that_is_answered()
    {
        await using Play play = await Play.StartAsync();
        await play.Bob.Query("select 'first'").Query("select 'second'").SendAsync();
        int sets = await play.ReadPreludeAsync();
        await play.Server.ExpectAsync("Query \"select 'first'\"");
        Assert.Equal(0, play.Server.Stream.Socket.Available);
        await play.Server.SendAsync(Play.Confirmation(sets));
        await play.Server.ExpectAsync("Query \"select 'second'\"");
    }

    [Fact]
    public async Task The_second_batch_of_the_extended_protocol_waits_too()
    {
        await using Play play = await Play.StartAsync();
        await play.Bob.Parse("", "select 'first'").Bind("", "").Execute().Sync().Parse("", "select 'second'").Bind("", "").Execute().Sync().SendAsync();
        int sets = await play.ReadPreludeAsync();
        foreach (string name in (string[])["Parse", "Bind", "Execute", "Sync"])
        {
            await play.Server.ExpectAsync(name);
        }
        Assert.Equal(0, play.Server.Stream.Socket.Available);
        await play.Server.SendAsync(Play.Confirmation(sets));
        Assert.Contains("second", (await play.Server.ExpectAsync("Parse")).ToString());
    }

    [Fact]
    public async Task The_same_identity_pays_nothing()
    {
        await using Play play = await Play.StartAsync();
        await using RawClient again = await play.Here.LoginAsync("alice");
        await again.Query("select 'again'").SendAsync();
        await play.Server.ExpectAsync("Query \"select 'again'\"");
    }

    [Fact]
    public async Task A_cancel_waits_until_the_prelude_is_confirmed()
    {
        await using Play play = await Play.StartAsync();
        await play.Bob.Query("select 'long'").SendAsync();
        int sets = await play.ReadPreludeAsync();
        await play.Server.ExpectAsync("Query \"select 'long'\"");
        await using RawClient cancel = await play.Here.Proxy.ConnectAsync();
        await cancel.Stream.WriteAsync(StartupPackets.CancelRequest(play.Bob.ProcessId, play.Bob.SecretKey));
        // One for nobody comes in behind it: when that is done with, this one has been looked at.
        await using RawClient another = await play.Here.Proxy.ConnectAsync();
        await another.Stream.WriteAsync(StartupPackets.CancelRequest(0, [1, 2, 3, 4]));
        await another.Stream.ReadToEndAsync();
        Assert.False(play.Backend.IsAwaited);
        await play.Server.SendAsync(Play.Confirmation(sets));
        await using (ScriptedSession carried = await play.Backend.AcceptAsync())
        {
            await Play.ReadCancelAsync(carried);
        }
        await play.Server.SendAsync("ErrorResponse S=\"ERROR\" V=\"ERROR\" C=\"57014\" M=\"canceling statement due to user request\"", "ReadyForQuery I");
        Assert.Equal("57014", RawClientQuestions.Said(await play.Bob.ReadUntilAsync("ReadyForQuery")));
    }

    [Fact]
    public async Task A_prelude_waits_until_a_cancel_has_come_in()
    {
        await using Play play = await Play.StartAsync();
        await play.Bob.Query("set timezone = 'UTC'").Query("select 'second'").SendAsync();
        int sets = await play.ReadPreludeAsync();
        await play.Server.ExpectAsync("Query \"set timezone = 'UTC'\"");
        await play.Server.SendAsync(Play.Confirmation(sets));
        await using RawClient cancel = await play.Here.Proxy.ConnectAsync();
        await cancel.Stream.WriteAsync(StartupPackets.CancelRequest(play.Bob.ProcessId, play.Bob.SecretKey));
        ScriptedSession carried = await play.Backend.AcceptAsync();
        await Play.ReadCancelAsync(carried);
        // The cancel has come too late for its statement, behind which the identity is to be sent again.
        await play.Server.SendAsync("CommandComplete \"SET\"", "ReadyForQuery I");
        await play.Bob.ReadUntilAsync("ReadyForQuery");
        await using RawClient another = await play.Here.Proxy.ConnectAsync();
        await another.Stream.WriteAsync(StartupPackets.CancelRequest(0, [1, 2, 3, 4]));
        await another.Stream.ReadToEndAsync();
        Assert.Equal(0, play.Server.Stream.Socket.Available);
        await carried.DisposeAsync();
        Assert.StartsWith("SET exit_on_error = on; SET ROLE ", (await play.Server.ExpectAsync("Query")).Text);
        await play.Server.ExpectAsync("Query \"select 'second'\"");
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task Whoever_cancels_at_once_hits_the_statement_and_never_the_prelude(int major)
    {
        await using Installation here = await Installation.StartAsync(major, new InstallationOptions { PoolSize = 1 });
        await using RawClient alice = await here.LoginAsync("alice");
        await using RawClient bob = await here.LoginAsync("bob");
        for (int turn = 0; turn < 40; turn++)
        {
            RawClient client = turn % 2 == 0 ? alice : bob;
            await client.Query("select pg_sleep(600)").SendAsync();
            Task<IReadOnlyList<WireMessage>> answer = client.ReadUntilAsync("ReadyForQuery");
            do
            {
                // One that comes before its statement is for nothing, as in PostgreSQL.
                await client.CancelAsync();
            }
            while (await Task.WhenAny(answer, Task.Delay(100)) != answer);
            Assert.Equal("57014", RawClientQuestions.Said(await answer));
        }
    }

    /// <summary>Answers to a prelude of DISCARD ALL and SETs that are not what they must be.</summary>
    public static TheoryData<string> WrongAnswers => new(
        "error instead of ParseComplete", "error instead of DISCARD ALL", "another tag for DISCARD ALL", "one SET too few", "one SET too many", "another tag for SET", "a row", "a description of rows", "a COPY",
        "an error in a SET", "a FATAL in a SET", "ready in a transaction", "the end of the connection");

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task Whatever_else_the_server_answers_ends_it_and_the_client_gets_an_error(string how)
    {
        await using Play play = await Play.StartAsync();
        await play.Bob.Query("select 'first'").Query("select 'second'").SendAsync();
        int count = await play.ReadPreludeAsync();
        await play.Server.ExpectAsync("Query \"select 'first'\"");
        const string parsed = "ParseComplete", bound = "BindComplete", discarded = "CommandComplete \"DISCARD ALL\"", set = "CommandComplete \"SET\"", ready = "ReadyForQuery I";
        string error = "ErrorResponse S=\"ERROR\" V=\"ERROR\" C=\"53200\" M=\"out of shared memory\"";
        string[] sets(int count) => [.. Enumerable.Repeat(set, count)];
        string[] answers = how switch
        {
            "error instead of ParseComplete" => [error],
            "error instead of DISCARD ALL" => [parsed, bound, error],
            "another tag for DISCARD ALL" => [parsed, bound, "CommandComplete \"DISCARD PLANS\"", .. sets(count), ready],
            "one SET too few" => [parsed, bound, discarded, .. sets(count - 1), ready],
            "one SET too many" => [parsed, bound, discarded, .. sets(count + 1), ready],
            "another tag for SET" => [parsed, bound, discarded, set, "CommandComplete \"SELECT 1\"", .. sets(count - 2), ready],
            "a row" => [parsed, bound, discarded, "DataRow (\"x\")", .. sets(count), ready],
            "a description of rows" => [parsed, bound, discarded, "RowDescription ((\"name\" 0 0 19 64 -1 0))", .. sets(count), ready],
            "a COPY" => [parsed, bound, discarded, "CopyInResponse 0 ()", .. sets(count), ready],
            "an error in a SET" => [parsed, bound, discarded, set, error, ready],
            "a FATAL in a SET" => [parsed, bound, discarded, set, error.Replace("ERROR", "FATAL")],
            "ready in a transaction" => [parsed, bound, discarded, .. sets(count), "ReadyForQuery T"],
            _ => [],
        };
        if (answers.Length == 0)
        {
            await play.Server.DisposeAsync();
        }
        else
        {
            await play.Server.SendAsync(answers);
        }
        Assert.Equal("08006", RawClientQuestions.Said(await play.Bob.ReadUntilAsync("ReadyForQuery")));
        if (answers.Length > 0)
        {
            Assert.DoesNotContain(await play.Server.ReadToEndAsync(), message => message.ToString().Contains("second"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_an_operator_ends_amid_the_prelude_is_lost_and_has_refused_nothing(bool isDiscarded)
    {
        await using Play play = await Play.StartAsync();
        await play.Bob.Query("select 'first'").SendAsync();
        await play.ReadPreludeAsync();
        string[] before = isDiscarded ? ["ParseComplete", "BindComplete", "CommandComplete \"DISCARD ALL\"", "CommandComplete \"SET\""] : [];
        await play.Server.SendAsync([.. before, "ErrorResponse S=\"FATAL\" V=\"FATAL\" C=\"57P01\" M=\"terminating connection due to administrator command\""]);
        await play.Server.DisposeAsync();
        IReadOnlyList<WireMessage> answer = await play.Bob.ReadUntilAsync("ReadyForQuery");
        Assert.Equal("08006", RawClientQuestions.Said(answer));
        Assert.Contains("57P01", answer[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("identity could not be set", play.Here.Log, StringComparison.Ordinal);
    }

    /// <summary>A pool of one whose server is scripted; alice was there, and bob has logged in.</summary>
    private sealed class Play(ScriptedBackend backend, ScriptedSession server, TestDatabase database, Installation here, RawClient alice, RawClient bob) : IAsyncDisposable
    {
        public ScriptedSession Server => server;

        public ScriptedBackend Backend => backend;

        public Installation Here => here;

        public RawClient Bob => bob;

        public static string[] Confirmation(int sets) =>
            ["ParseComplete", "BindComplete", "CommandComplete \"DISCARD ALL\"", .. Enumerable.Repeat("CommandComplete \"SET\"", sets), "ReadyForQuery I"];

        public static async Task<Play> StartAsync()
        {
            TestDatabase database = await TestDatabase.CreateAsync();
            ScriptedBackend backend = ScriptedBackend.Start();
            Installation here = await Installation.StartAsync(0, new InstallationOptions { Database = database, ServerPort = backend.Port });
            Task<RawClient> entering = here.LoginAsync("alice");
            ScriptedSession server = await backend.AcceptAsync();
            await server.LoginAsync();
            await server.ExpectAsync("Query");
            await server.SendAsync("RowDescription ((\"name\" 0 0 19 64 -1 0))", "CommandComplete \"SELECT 0\"", "ReadyForQuery I");
            RawClient alice = await entering;
            Task<IReadOnlyList<WireMessage>> asking = alice.QueryAsync("select 'hers'");
            await AnswerSetsAsync(server);
            await AnswerSetsAsync(server);
            await server.ExpectAsync("Query \"select 'hers'\"");
            await server.SendAsync("CommandComplete \"SELECT 1\"", "ReadyForQuery I");
            await asking;
            return new Play(backend, server, database, here, alice, await here.LoginAsync("bob"));
        }

        public async ValueTask DisposeAsync()
        {
            await bob.DisposeAsync();
            await alice.DisposeAsync();
            await server.DisposeAsync();
            await here.DisposeAsync();
            await backend.DisposeAsync();
            await database.DisposeAsync();
        }

        /// <summary>Reads a prelude with DISCARD ALL; returns how many SETs it holds.</summary>
        public async Task<int> ReadPreludeAsync()
        {
            await server.ExpectAsync("Parse \"\" \"DISCARD ALL\" ()");
            await server.ExpectAsync("Bind");
            await server.ExpectAsync("Execute");
            string sql = (await server.ExpectAsync("Query")).Text;
            Assert.Contains("\"sub\":\"bob\"", sql);
            Assert.StartsWith("SET exit_on_error = on; SET ROLE ", sql);
            Assert.EndsWith("; SET exit_on_error = off", sql);
            return CountSets(sql);
        }

        /// <summary>Reads a CancelRequest; it asks for TLS first, and does without.</summary>
        public static async Task ReadCancelAsync(ScriptedSession session)
        {
            int code;
            while ((code = (await StartupPackets.ReadAsync(session.Stream)).Code) == StartupPackets.TlsCode)
            {
                await session.Stream.WriteAsync("N"u8.ToArray());
            }
            Assert.Equal(StartupPackets.CancelCode, code);
        }

        private static int CountSets(string sql) => sql.Split("SET ").Length - 1;

        private static async Task AnswerSetsAsync(ScriptedSession server)
        {
            string sql = (await server.ExpectAsync("Query")).Text;
            await server.SendAsync([.. Enumerable.Repeat("CommandComplete \"SET\"", CountSets(sql)), "ReadyForQuery I"]);
        }
    }
}
