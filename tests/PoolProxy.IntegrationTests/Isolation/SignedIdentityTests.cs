using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Isolation;

/// <summary>The signed identity of isolation.md §8, with conf/identity.sql on a real server: what is signed, what cannot be forged, and what can be replayed.</summary>
public sealed class SignedIdentityTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string OtherKey = "fedcba9876543210fedcba9876543210";
    private const string WhoAmI = "select coalesce(poolproxy.subject(), '(nobody)')";
    private const string MyIdentity = "select current_setting('poolproxy.identity')";

    public static IEnumerable<object[]> Levels =>
        from major in AvailablePostgres.Found.Select(binaries => binaries.Major)
        from level in (string[])["partitioned", "set_role", "exclusive"]
        select new object[] { major, level };

    [Theory]
    [MemberData(nameof(Levels))]
    public async Task SQL_learns_who_it_is_and_a_policy_goes_by_it(int major, string level)
    {
        await using Installation here = await StartAsync(major, level: level);
        await here.Database.ExecuteAsync($"""
            create policy signed on letters to {here.Readers} using (owner = (select poolproxy.subject()))
            """);
        await using RawClient alice = await here.LoginAsync("alice", here.Reader("alice").Claim("email", "älice'\\@example.com"));
        Assert.Equal("alice", await alice.SaysAsync(WhoAmI));
        Assert.Equal("alice", await alice.SaysExtendedAsync(WhoAmI));
        Assert.Equal("corp älice'\\@example.com readers", await alice.ScalarAsync(
            "select poolproxy.issuer() || ' ' || poolproxy.claim('email') || ' ' || (poolproxy.claims() -> 'groups' ->> 0)"));
        Assert.Null(await alice.ScalarAsync("select poolproxy.claim('none')"));
        Assert.Equal(["to alice"], (await alice.DoAsync("select body from letters")).Rows());
        await alice.DoAsync("set request.jwt.claims = '{\"sub\":\"bob\"}'; select set_config('request.jwt.claims', '{\"sub\":\"bob\"}', false)");
        Assert.Equal(["to alice"], (await alice.DoAsync("select body from letters")).Rows());

        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal(["to bob"], (await bob.DoAsync("select body from letters")).Rows());
        Assert.Equal(["to alice"], (await alice.DoAsync("select body from letters")).Rows());
    }

    private static readonly string[] Forgeries =
    [
        "", "alice", "{\"claims\":{},\"iss\":\"corp\",\"sub\":\"bob\"}", $"v1 {new string('0', 16)} 99999999999999999 {new string('0', 64)} {{\"sub\":\"bob\"}}",
        "payload", "expiry", "key", "cut", "capitals", "trailer", "version", "blanks", "braces",
    ];

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task What_a_client_makes_of_it_is_nobody(int major)
    {
        await using Installation here = await StartAsync(major);
        await using RawClient alice = await here.LoginAsync("alice");
        string mine = (await alice.ScalarAsync(MyIdentity))!;
        foreach (string forged in Forgeries.Select(how => Forge(mine, how)))
        {
            Assert.NotEqual(mine, forged);
            string quoted = forged.Replace("'", "''", StringComparison.Ordinal);
            Assert.Equal("(nobody)", await alice.SaysAsync($"begin; set local poolproxy.identity = '{quoted}'; {WhoAmI}"));
            Assert.Equal("(nobody)", await alice.SaysAsync("select coalesce(poolproxy.claims()::text, '(nobody)')"));
            await alice.DoAsync("rollback");
            Assert.Equal("(nobody)", await alice.SaysAsync($"do $f$ begin perform set_config('poolproxy.identity', '{quoted}', true); end $f$; {WhoAmI}"));

            // Her own words, put back, are still hers: what was refused was refused for what was changed.
            Assert.Equal("alice", await alice.SaysAsync($"begin; set local poolproxy.identity = '{mine}'; {WhoAmI}"));
            await alice.DoAsync("rollback");
        }
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task What_was_signed_for_one_session_is_nobody_in_another_and_for_another_login(int major)
    {
        await using Installation here = await StartAsync(major, poolSize: 2);
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync("begin");
        string hers = (await alice.ScalarAsync(MyIdentity))!;
        await using RawClient bob = await here.LoginAsync("bob");
        await using RawClient writer = await here.LoginAsync("carol", here.Writer("carol"));
        foreach (RawClient other in (RawClient[])[bob, writer])
        {
            Assert.NotEqual(await alice.BackendIdAsync(), await other.BackendIdAsync());
            Assert.Equal("(nobody)", await other.SaysAsync($"begin; set local poolproxy.identity = '{hers}'; {WhoAmI}"));
            await other.DoAsync("rollback");
        }
        Assert.Equal("bob", await bob.SaysAsync(WhoAmI));
        Assert.Equal("carol", await writer.SaysAsync(WhoAmI));
    }

    /// <summary>By design: within its seconds, and on the very session it was made for, whoever knows it can show it.</summary>
    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task In_the_same_session_it_can_be_shown_again_until_it_has_expired(int major)
    {
        await using Installation here = await StartAsync(major, lifetime: 4);
        await using RawClient alice = await here.LoginAsync("alice");
        string hers = (await alice.ScalarAsync(MyIdentity))!;
        int session = await alice.BackendIdAsync();
        await using RawClient bob = await here.LoginAsync("bob");
        Task<string> ShowAsync() => bob.SaysAsync($"do $$ begin perform set_config('poolproxy.identity', '{hers}', true); end $$; {WhoAmI}");
        Assert.Equal("alice", await ShowAsync());
        Assert.Equal(session, await bob.BackendIdAsync());
        Assert.Equal("bob", await bob.SaysAsync(WhoAmI));
        await WaitFor.EqualAsync("(nobody)", ShowAsync);
        Assert.Equal("bob", await bob.SaysAsync(WhoAmI));
        Assert.Equal(session, await bob.BackendIdAsync());
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task It_is_signed_anew_for_who_stays_and_holds_to_the_end_of_a_transaction(int major)
    {
        await using Installation here = await StartAsync(major, lifetime: 1, pool: "pool_mode = \"session\"");
        await using RawClient alice = await here.LoginAsync("alice");
        string first = (await alice.ScalarAsync(MyIdentity))!;
        await WaitFor.TrueAsync(async () =>
        {
            Assert.Equal("alice", await alice.SaysAsync(WhoAmI));
            return await alice.ScalarAsync(MyIdentity) != first;
        });
        await alice.DoAsync("begin");
        string atBegin = (await alice.ScalarAsync(MyIdentity))!;
        Assert.Equal("alice", await alice.SaysAsync($"do $$ begin perform pg_sleep(1.2); end $$; {WhoAmI}"));
        Assert.Equal(atBegin, await alice.ScalarAsync(MyIdentity));
        await alice.DoAsync("commit");
        Assert.Equal("alice", await alice.SaysAsync(WhoAmI));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task The_keys_are_nobodys_to_read(int major)
    {
        await using Installation here = await StartAsync(major);
        await here.Database.ExecuteAsync($"grant pg_read_all_data to {here.Login}, {here.Readers}");
        await using RawClient alice = await here.LoginAsync("alice");
        Assert.Equal("0", await alice.SaysAsync("select count(*) from poolproxy.keys"));
        Assert.Equal("42501", await alice.SaysAsync("set row_security = off; select count(*) from poolproxy.keys"));
        await here.Database.ExecuteAsync($"revoke pg_read_all_data from {here.Login}, {here.Readers}");
        Assert.Equal("42501", await alice.SaysAsync("select count(*) from poolproxy.keys"));
        Assert.Equal("42501", await alice.SaysAsync("insert into poolproxy.keys values ('x', '', '')"));
        Assert.Equal("42501", await alice.SaysAsync($"select poolproxy.add_key('{OtherKey}')"));
        Assert.Equal("42501", await alice.SaysAsync("create function poolproxy.x() returns int language sql as 'select 1'"));
        Assert.Equal("42501", await alice.SaysAsync("set role poolproxy_identity"));

        // What plans a client can make the server print do not hold the pads, nor does it matter what the client's settings are.
        string pads = (await here.Database.QueryAsync<string>("select encode(substr(inner_pad, 1, 16), 'hex') from poolproxy.keys"))!;
        IReadOnlyList<WireMessage> printed = await alice.QueryAsync($"""
            set debug_print_plan = on; set debug_print_parse = on; set client_min_messages = log; set plan_cache_mode = force_custom_plan;
            set standard_conforming_strings = off; set bytea_output = escape; set search_path = pg_temp; set timezone = 'Asia/Tokyo'; set extra_float_digits = -15; {WhoAmI}
            """);
        Assert.Equal("alice", Assert.Single(printed.Rows()));
        Assert.True(printed.Count(message => message.Name == "NoticeResponse") > 3, "plans were printed");
        string bytes = string.Join(' ', Enumerable.Range(0, 8).Select(i => ((sbyte)Convert.ToByte(pads.Substring(2 * i, 2), 16)).ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Assert.DoesNotContain(printed, message => message.ToString().Contains(bytes, StringComparison.Ordinal) || message.ToString().Contains(pads, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_key_can_be_added_changed_and_taken_away_by_reload(int major)
    {
        await using Installation here = await StartAsync(major, key: null);
        await using RawClient alice = await here.LoginAsync("alice");
        Assert.Equal("(nobody)", await alice.SaysAsync(WhoAmI));
        string section = "isolation = \"partitioned\"\n";
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace(section, $"{section}identity_key = \"{Key}\"\n", StringComparison.Ordinal)));
        await WaitFor.EqualAsync("alice", () => alice.SaysAsync(WhoAmI));

        // The database does not know the second one yet: nobody, until it does.
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace(Key, OtherKey, StringComparison.Ordinal)));
        await using (RawClient bob = await here.LoginAsync("bob"))
        {
            Assert.Equal("(nobody)", await bob.SaysAsync(WhoAmI));
            await here.Database.ExecuteAsync($"select poolproxy.add_key('{OtherKey}')");
            Assert.Equal("bob", await bob.SaysAsync(WhoAmI));
        }
        Assert.Equal("alice", await alice.SaysAsync(WhoAmI));
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace($"identity_key = \"{OtherKey}\"\n", "", StringComparison.Ordinal)));
        await using RawClient carol = await here.LoginAsync("carol", here.Reader("carol"));
        Assert.Equal("(nobody)", await carol.SaysAsync(WhoAmI));
        Assert.DoesNotContain(Key, here.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AvailablePostgres.Majors), MemberType = typeof(AvailablePostgres))]
    public async Task A_long_unnamed_statement_outlives_the_signing(int major)
    {
        await using Installation here = await StartAsync(major, lifetime: 1, proxy: "max_statement_bytes = 1024");
        await using RawClient alice = await here.LoginAsync("alice");
        string padded = $"{WhoAmI} || current_setting('poolproxy.identity') /* {new string('x', 2048)} */";
        Assert.StartsWith("alicev1 ", RawClientQuestions.Said(await alice.Parse("", padded).Bind("", "").Execute().Sync().RoundTripAsync()));
        string first = RawClientQuestions.Said(await alice.Bind("", "").Execute().Sync().RoundTripAsync());
        await WaitFor.TrueAsync(async () =>
        {
            string now = RawClientQuestions.Said(await alice.Bind("", "").Execute().Sync().RoundTripAsync());
            Assert.StartsWith("alicev1 ", now);
            return now != first;
        });
        Assert.DoesNotContain("identity could not be set", here.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_a_parameter_behind_DISCARD_ALL_and_without_a_Sync_of_its_own()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync();
        await using ScriptedBackend backend = ScriptedBackend.Start();
        await using Installation here = await Installation.StartAsync(0, new InstallationOptions { Database = database, ServerPort = backend.Port, DatabaseLines = $"identity_key = \"{Key}\"" });
        Task<RawClient> login = here.LoginAsync("alice");
        await using ScriptedSession server = await backend.AcceptAsync();
        await server.LoginAsync(processId: 4711);
        await server.ReadToQueryAsync();
        await server.SendAsync("CommandComplete \"SELECT 0\"", "ReadyForQuery I");
        await server.ReadToQueryAsync();
        await server.SendAsync("DataRow (\"1000000\" \"2000000\")", "CommandComplete \"SELECT 1\"", "ReadyForQuery I");
        await using RawClient alice = await login;
        await alice.Query("select 'alice'").SendAsync();
        IReadOnlyList<WireMessage> first = await server.ReadUntilAsync("Query");
        Assert.Equal("Parse Bind Execute Query", first.Names());
        await server.SendAsync("ParseComplete", "BindComplete", "CommandComplete \"SELECT 0\"");
        await AnswerSetsAsync(server, first[^1]);
        await AnswerSetsAsync(server, await server.ExpectAsync("Query"));
        await server.ExpectAsync("Query \"select 'alice'\"");
        await server.SendAsync("CommandComplete \"SELECT 0\"", "ReadyForQuery I");
        await alice.ReadUntilAsync("ReadyForQuery");

        await using RawClient bob = await here.LoginAsync("bob");
        await bob.Query("select 'bob'").SendAsync();
        IReadOnlyList<WireMessage> prelude = await server.ReadUntilAsync("Query");
        Assert.Equal("Parse Bind Execute Parse Bind Execute Query", prelude.Names());
        Assert.DoesNotContain(prelude, message => message.Name is "Parse" or "Query" && message.ToString().Contains("v1 ", StringComparison.Ordinal));
        Assert.Contains("\\\"sub\\\":\\\"bob\\\"", prelude[4].ToString(), StringComparison.Ordinal);
        await server.ExpectAsync("Query \"select 'bob'\"");

        // A row instead of none is no confirmation.
        await server.SendAsync(["ParseComplete", "BindComplete", "CommandComplete \"DISCARD ALL\"", "ParseComplete", "BindComplete", "DataRow (\"x\")"]);
        Assert.Equal("08006", RawClientQuestions.Said(await bob.ReadUntilAsync("ReadyForQuery")));
    }

    private static string Forge(string mine, string how)
    {
        string[] parts = mine.Split(' ', 5);
        return how switch
        {
            "payload" => mine.Replace("alice", "bobby", StringComparison.Ordinal),
            "expiry" => mine.Replace(parts[2], new string('9', parts[2].Length), StringComparison.Ordinal),
            "key" => mine.Replace(parts[1], new string('f', 16), StringComparison.Ordinal),
            "cut" => mine.Replace(parts[3], parts[3][..62], StringComparison.Ordinal),
            "capitals" => mine.Replace(parts[3], parts[3].ToUpperInvariant(), StringComparison.Ordinal),
            "trailer" => mine + " ",
            "version" => "v2" + mine[2..],
            "blanks" => mine.Replace(" {", "  {", StringComparison.Ordinal),
            "braces" => new string('{', 100_000),
            _ => how,
        };
    }

    private static async Task AnswerSetsAsync(ScriptedSession server, WireMessage query) =>
        await server.SendAsync([.. Enumerable.Repeat("CommandComplete \"SET\"", query.Text.Split("SET ").Length - 1), "ReadyForQuery I"]);

    private static async Task<Installation> StartAsync(
        int major, string level = "partitioned", int poolSize = 1, int lifetime = 60, string? key = Key, string pool = "", string proxy = "")
    {
        Installation here = await Installation.StartAsync(major, new InstallationOptions
        {
            Level = level,
            PoolSize = poolSize,
            Proxy = proxy,
            DatabaseLines = $"{pool}\n" + (key is null ? "" : $"identity_key = \"{key}\"\nidentity_lifetime = {lifetime}"),
        });
        await here.Database.ExecuteAsync(RepositoryFiles.Read("conf/identity.sql"));
        await here.Database.ExecuteAsync($"""
            select poolproxy.add_key('{Key}');
            create table letters (owner text, body text);
            insert into letters values ('alice', 'to alice'), ('bob', 'to bob');
            grant select on letters to {here.Readers};
            alter table letters enable row level security;
            """);
        return here;
    }
}
