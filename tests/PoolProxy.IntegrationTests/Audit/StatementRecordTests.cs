using System.Text.Json.Nodes;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Audit;

/// <summary>What a record says of a statement that ran, for each way in which one can.</summary>
public sealed class StatementRecordTests(PoolScene scene) : IClassFixture<PoolScene>
{
    [Fact]
    public async Task A_simple_query_leaves_one_record_with_who_and_what()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("ann", "app");
        int server = await client.ServerIdAsync();
        JsonObject record = Assert.Single(await Trail.StatementsAsync(proxy, 1));
        Assert.Equal("ok select pg_backend_pid() [\"SELECT 1\"] 1", record.Said());
        Assert.Equal(server, (int)record["server_pid"]!);
        Assert.Equal("ann", (string)record["user"]!);
        Assert.Equal("ann", (string)record["subject"]!);
        Assert.Equal("app", (string)record["database"]!);
        Assert.Equal("simple", (string)record["protocol"]!);
        Assert.StartsWith("127.0.0.1:", (string)record["address"]!, StringComparison.Ordinal);
        Assert.True((double)record["duration_ms"]! > 0);
        Assert.False(record.ContainsKey("parameters"));
    }

    [Fact]
    public async Task A_query_of_several_statements_is_one_record_with_all_tags()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("create temp table t(x int); insert into t values (1), (2); select * from t; drop table t");
        await client.QueryAsync("select 1; select 1/0; select 2");
        await client.QueryAsync("");
        Assert.Equal(
            [
                "ok create temp table t(x int); insert into t values (1), (2); select * from t; drop table t [\"CREATE TABLE\",\"INSERT 0 2\",\"SELECT 2\",\"DROP TABLE\"] 4",
                "error select 1; select 1/0; select 2 [\"SELECT 1\"] 1 22012",
                "ok ",
            ],
            (await Trail.StatementsAsync(proxy, 3)).Select(Trail.Said));
    }

    [Theory]
    [InlineData("transaction", "")]
    [InlineData("transaction", "s")]
    [InlineData("session", "")]
    [InlineData("session", "s")]
    public async Task Extended_statements_are_known_by_their_text(string mode, string name)
    {
        await using ProxyUnderTest proxy = await StartAsync(mode: mode);
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse(name, "select $1::int").Bind("", name, "7").Execute().Sync().RoundTripAsync();
        await client.Bind("", name, "8").Execute().Sync().RoundTripAsync();
        Assert.Equal(["ok select $1::int [\"SELECT 1\"] 1", "ok select $1::int [\"SELECT 1\"] 1"], (await Trail.StatementsAsync(proxy, 2)).Select(Trail.Said));
    }

    [Fact]
    public async Task Preparing_alone_leaves_no_record()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("s", "select 1").DescribeStatement("s").Sync().RoundTripAsync();
        await client.CloseStatement("s").Sync().RoundTripAsync();
        await client.QueryAsync("select 2");
        Assert.Equal("ok select 2 [\"SELECT 1\"] 1", Assert.Single(await Trail.StatementsAsync(proxy, 1)).Said());
    }

    [Fact]
    public async Task Every_execute_of_a_pipelined_batch_has_its_own_record()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        client.Parse("one", "select 1").Parse("", "select generate_series(1, 3)");
        await client.Bind("p", "one").Bind("", "").Execute("p").Execute().Bind("", "one").DescribePortal().Execute().Sync().RoundTripAsync();
        Assert.Equal(
            ["ok select 1 [\"SELECT 1\"] 1", "ok select generate_series(1, 3) [\"SELECT 3\"] 3", "ok select 1 [\"SELECT 1\"] 1"],
            (await Trail.StatementsAsync(proxy, 3)).Select(Trail.Said));
    }

    [Fact]
    public async Task Batches_sent_ahead_are_recorded_in_order()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        for (int i = 0; i < 40; i++)
        {
            client.Parse("", $"select {i}").Bind("", "").Execute().Sync();
            client.Query($"select {i}, {i}");
        }

        await client.SendAsync();
        for (int i = 0; i < 80; i++)
        {
            await client.ReadUntilAsync("ReadyForQuery");
        }

        Assert.Equal(
            Enumerable.Range(0, 40).SelectMany(i => new[] { $"ok select {i} [\"SELECT 1\"] 1", $"ok select {i}, {i} [\"SELECT 1\"] 1" }),
            (await Trail.StatementsAsync(proxy, 80)).Select(Trail.Said));
    }

    [Fact]
    public async Task A_portal_fetched_in_parts_leaves_a_record_for_each_part()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Query("begin").Parse("", "select generate_series(1, 5)").Bind("p", "").Execute("p", 2).Flush().SendAsync();
        await client.ReadUntilAsync("PortalSuspended");
        await client.Execute("p", 2).Execute("p", 2).Sync().Query("commit").SendAsync();
        await client.ReadUntilAsync("ReadyForQuery");
        await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(
            [
                "ok begin [\"BEGIN\"]",
                "suspended select generate_series(1, 5) 2",
                "suspended select generate_series(1, 5) 2",
                "ok select generate_series(1, 5) [\"SELECT 1\"] 1",
                "ok commit [\"COMMIT\"]",
            ],
            (await Trail.StatementsAsync(proxy, 5)).Select(Trail.Said));
    }

    [Fact]
    public async Task A_batch_that_fails_says_where_and_what_was_skipped()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "select 1/$1::int").Bind("", "", "0").Execute().Parse("", "select 2").Bind("", "").Execute().Sync().RoundTripAsync();
        await client.Parse("", "selec 3").Bind("", "").DescribePortal().Execute().Sync().RoundTripAsync();
        await client.Parse("", "select $1::int").Bind("", "", "x").Execute().Sync().RoundTripAsync();
        await client.Bind("", "none").Execute().Sync().RoundTripAsync();
        await client.Execute("no portal").Sync().RoundTripAsync();
        await client.QueryAsync("select 4");
        List<JsonObject> records = await Trail.StatementsAsync(proxy, 7);
        Assert.Equal(
            [
                "error select 1/$1::int 22012 bind",
                "skipped select 2",
                "error selec 3 42601 parse",
                "error select $1::int 22P02 bind",
                "refused 26000 bind",
                "error 34000",
                "ok select 4 [\"SELECT 1\"] 1",
            ],
            records.Select(Trail.Said));
        Assert.Equal("none", (string)records[4]["statement_name"]!);
        Assert.Equal("no portal", (string)records[5]["portal"]!);
    }

    [Fact]
    public async Task A_commit_that_fails_at_Sync_has_a_record_of_its_own()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string table = scene.Database.Role("deferred");
        await scene.Database.ExecuteAsync($"create table {table}(x int unique deferrable initially deferred)");
        await client.Parse("", $"insert into {table} values (1), (1)").Bind("", "").Execute().Sync().RoundTripAsync();
        Assert.Equal([$"ok insert into {table} values (1), (1) [\"INSERT 0 2\"] 2", "error 23505 commit"], (await Trail.StatementsAsync(proxy, 2)).Select(Trail.Said));
    }

    [Fact]
    public async Task Copies_are_recorded_with_their_rows()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string table = scene.Database.Role("copied");
        await scene.Database.ExecuteAsync($"create table {table}(x int)");
        await client.Query($"copy {table} from stdin").CopyData("1\n2\n"u8).CopyData("3\n"u8).CopyDone().SendAsync();
        await client.ReadUntilAsync("ReadyForQuery");
        await client.QueryAsync($"copy {table} to stdout");
        await client.Query($"copy {table} from stdin").CopyFail("no").SendAsync();
        await client.ReadUntilAsync("ReadyForQuery");
        await client.Parse("", $"copy {table} from stdin").Bind("", "").Execute().CopyData("4\n"u8).CopyDone().Sync().SendAsync();
        await client.ReadUntilAsync("ReadyForQuery");
        Assert.Equal(
            [
                $"ok copy {table} from stdin [\"COPY 3\"] 3", $"ok copy {table} to stdout [\"COPY 3\"] 3", $"error copy {table} from stdin 57014",
                $"ok copy {table} from stdin [\"COPY 1\"] 1",
            ],
            (await Trail.StatementsAsync(proxy, 4)).Select(Trail.Said));
    }

    [Fact]
    public async Task A_function_call_is_named_by_its_oid()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.LoginAsync("a", "app");

        // pg_backend_pid() without arguments, result in text.
        await client.Put("FunctionCall 2026 () () 0").SendAsync();
        await client.ReadUntilAsync("ReadyForQuery");
        JsonObject record = Assert.Single(await Trail.StatementsAsync(proxy, 1));
        Assert.Equal(2026, (int)record["function_oid"]!);
        Assert.Equal("function_call", (string)record["protocol"]!);
        Assert.Equal("ok", record.Said());
    }

    [Fact]
    public async Task Parameters_are_recorded_where_that_is_asked_for()
    {
        await using ProxyUnderTest proxy = await StartAsync("parameters = true\nparameter_bytes = 8");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.Parse("", "select $1::text, $2::text, $3::text").Bind("", "", "one", null, "123456789").Execute().Sync().RoundTripAsync();
        await client.Parse("s", "select $1::int4").Put("Bind \"\" \"s\" (1) (\"\\x00\\x00\\x01\\xff\") ()").Execute().Sync().RoundTripAsync();
        await client.Parse("", "select $1::text as password").Bind("", "", "hush").Execute().Sync().RoundTripAsync();
        List<JsonObject> records = await Trail.StatementsAsync(proxy, 3);
        Assert.Equal("[\"one\",null,{\"text\":\"12345678\",\"bytes\":9}]", records[0]["parameters"]!.ToJsonString());
        Assert.Equal("[{\"hex\":\"000001ff\",\"bytes\":4}]", records[1]["parameters"]!.ToJsonString());
        Assert.Equal("redacted", (string)records[2]["parameters"]!);
    }

    [Fact]
    public async Task No_secret_is_recorded()
    {
        await using ProxyUnderTest proxy = await StartAsync("parameters = true");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string role = scene.Database.Role("hushed");
        await client.QueryAsync($"create role {role} password 'hush'");
        await client.QueryAsync($"alter role {role} encrypted password E'hu\\'sh' nologin");
        await client.Parse("", $"alter role {role} password $$hush$$").Bind("", "").Execute().Sync().RoundTripAsync();
        await client.QueryAsync("set poolproxy.other = 'hush'");
        await client.QueryAsync("set poolproxy.token = 'hush'"); // the proxy's own: no statement
        await client.QueryAsync($"alter role {role} pasword 'eyJhush'");
        await client.QueryAsync($"drop role {role}");
        List<JsonObject> records = await Trail.StatementsAsync(proxy, 6);
        Assert.Equal($"ok create role {role} password '***' [\"CREATE ROLE\"]", records[0].Said());
        Assert.True((bool)records[0]["redacted"]!);
        Assert.DoesNotContain("hush'", await File.ReadAllTextAsync(Trail.FileOf(proxy)), StringComparison.Ordinal);
        Assert.DoesNotContain("$hush", await File.ReadAllTextAsync(Trail.FileOf(proxy)), StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", await File.ReadAllTextAsync(Trail.FileOf(proxy)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_text_is_cut_and_one_too_long_to_look_into_is_without_literals()
    {
        await using ProxyUnderTest proxy = await StartAsync("statement_bytes = 64", "max_statement_bytes = 65536");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        string text = $"select '{new string('é', 100)}'";
        await client.QueryAsync(text);
        await client.QueryAsync($"select length('{new string('x', 200_000)}')");
        await client.Parse("long", $"select length('{new string('x', 200_000)}')").Bind("", "long").Execute().Sync().RoundTripAsync();
        List<JsonObject> records = await Trail.StatementsAsync(proxy, 3);
        Assert.Equal(text[..36], (string)records[0]["statement"]!);
        Assert.Equal(209, (int)records[0]["statement_bytes"]!);
        Assert.All(records.Skip(1), record => Assert.Equal("select length('***'", (string)record["statement"]!));
        Assert.All(records.Skip(1), record => Assert.InRange((int)record["statement_bytes"]!, 200_017, 200_030));
    }

    [Fact]
    public async Task A_fingerprint_stands_for_the_text()
    {
        await using ProxyUnderTest proxy = await StartAsync("statement_text = \"fingerprint\"");
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("select 1, 'a'");
        await client.QueryAsync("SELECT 22,  'bb'");
        await client.QueryAsync("select 1");
        List<JsonObject> records = await Trail.StatementsAsync(proxy, 3);
        Assert.Equal(16, ((string)records[0]["fingerprint"]!).Length);
        Assert.Equal((string)records[0]["fingerprint"]!, (string)records[1]["fingerprint"]!);
        Assert.NotEqual((string)records[0]["fingerprint"]!, (string)records[2]["fingerprint"]!);
        Assert.All(records, record => Assert.False(record.ContainsKey("statement")));
    }

    [Fact]
    public async Task With_write_what_shows_that_it_only_reads_is_left_out()
    {
        await using ProxyUnderTest proxy = await scene.StartAsync(rest: Trail.Section().Replace("\"all\"", "\"write\"", StringComparison.Ordinal));
        await using RawClient client = await proxy.LoginAsync("a", "app");
        await client.QueryAsync("select 1");
        await client.Parse("r", "select 1").Bind("", "r").Execute().Sync().RoundTripAsync();
        await client.QueryAsync("select 1/0");
        await client.QueryAsync("create temp table t(x int)");
        await client.Parse("w", "insert into t values ($1)").Bind("", "w", "1").Execute().Sync().RoundTripAsync();
        await client.QueryAsync("with a as (delete from t returning 1) select * from a");
        Assert.Equal(
            ["create temp table t(x int)", "insert into t values ($1)", "with a as (delete from t returning 1) select * from a"],
            (await Trail.StatementsAsync(proxy, 3)).Select(record => (string)record["statement"]!));
    }

    private Task<ProxyUnderTest> StartAsync(string audit = "", string proxy = "", string mode = "transaction") =>
        scene.StartAsync(mode: mode, proxy: proxy, rest: Trail.Section(audit));
}
