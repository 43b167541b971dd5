using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Revocation;

/// <summary>A fresh token in the midst of a session: it goes on with that, in its place in the order, and nobody but the proxy sees the token.</summary>
public sealed class RenewalTests : IAsyncLifetime
{
    private Installation _here = null!;

    public async Task InitializeAsync() => _here = await Installation.StartAsync(
        AvailablePostgres.Found[^1].Major,
        new InstallationOptions { Proxy = "verbose = 2", IssuerLines = "clock_skew = 0\ntoken_expiry_grace = 0", AuditLines = "statements = \"all\"\nparameters = true" });

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_outlives_tokens_of_seconds_as_long_as_it_shows_fresh_ones(bool isExtended)
    {
        await using RawClient client = await _here.LoginAsync("alice", _here.Reader("alice").Life(TimeSpan.FromSeconds(4)));
        await using RawClient lazy = await _here.LoginAsync("alice", _here.Reader("alice").Life(TimeSpan.FromSeconds(4)));
        DateTimeOffset until = DateTimeOffset.UtcNow.AddSeconds(9);
        var shown = new List<string>();
        while (DateTimeOffset.UtcNow < until)
        {
            string token = _here.Reader("alice").Life(TimeSpan.FromSeconds(4)).Claim("jti", Guid.NewGuid().ToString()).Build();
            shown.Add(token);
            string sql = $"SET poolproxy.token = '{token}'";
            IReadOnlyList<WireMessage> answer = isExtended ? await client.Parse("", sql).Bind("", "").Execute().Sync().RoundTripAsync() : await client.QueryAsync(sql);
            Assert.Equal(isExtended ? ["ParseComplete", "BindComplete", "CommandComplete", "ReadyForQuery"] : ["CommandComplete", "ReadyForQuery"], answer.Select(message => message.Name));
            Assert.Equal("SET", answer[^2].Text);
            Assert.Equal("of alice", await client.ScalarAsync("select body from notes"));
            DateTimeOffset next = DateTimeOffset.UtcNow.AddSeconds(1);
            await WaitFor.TrueAsync(() => DateTimeOffset.UtcNow >= next);
        }

        Assert.Equal("57P01", RawClientQuestions.Said(await lazy.ReadToEndAsync()));
        await WaitFor.TrueAsync(() => _here.AuditLines.Count(line => line.Contains("\"event\":\"renewal\",\"outcome\":\"accepted\"", StringComparison.Ordinal)) == shown.Count);
        string? kept = await _here.Database.QueryAsync<string>($"select string_agg(query, ' ') from pg_stat_activity where usename = '{_here.Login}'");
        string seen = kept + _here.Log + string.Concat(_here.AuditLines);
        Assert.All(shown, token => Assert.DoesNotContain(token[(token.LastIndexOf('.') + 1)..], seen, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_the_session_stays()
    {
        await using RawClient client = await _here.LoginAsync("alice");
        string good = _here.Reader("alice").Build();
        foreach ((string sql, string sqlState) in ((string, string)[])
        [
            ("set poolproxy.token = 'no token'", "28000"),
            ("set poolproxy.token = ''", "28000"),
            ($"set poolproxy.token = '{_here.Reader("bob").Build()}'", "42501"),
            ($"set poolproxy.token = '{_here.Reader("alice").Claim("email", "new@example.com").Build()}'", "42501"),
            ($"set poolproxy.token = '{_here.Issuer.Token("alice").Groups("strangers").Build()}'", "42501"),
            ($"set poolproxy.token = '{_here.Reader("alice").Life(TimeSpan.FromSeconds(-5)).Build()}'", "28000"),
            ($"select 1; set poolproxy.token = '{good}'", "0A000"),
            ($"set local poolproxy.token = '{good}'", "0A000"),
            ($"select set_config('poolproxy.token', '{good}', false)", "0A000"),
            ("reset poolproxy.token", "0A000"),
        ])
        {
            Assert.Equal(sqlState, (await client.QueryAsync(sql))[0].SqlState);
            IReadOnlyList<WireMessage> extended = await client.Parse("", sql).Bind("", "").Execute().Sync().RoundTripAsync();
            Assert.Equal((sqlState, "ReadyForQuery"), (extended[0].SqlState, extended[1].Name));
            Assert.Equal("of alice", await client.ScalarAsync("select body from notes"));
        }

        Assert.Equal("CommandComplete", (await client.QueryAsync($"set poolproxy.token = '{good}'"))[0].Name);
        string signature = good[(good.LastIndexOf('.') + 1)..];
        Assert.DoesNotContain(signature, _here.Log + string.Concat(_here.AuditLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_transaction_it_is_a_statement_of_it()
    {
        await using RawClient client = await _here.LoginAsync("alice");
        await client.DoAsync("begin");
        Assert.Equal("ReadyForQuery T", (await client.QueryAsync($"set poolproxy.token = '{_here.Reader("alice").Build()}'"))[^1].ToString());
        Assert.Equal("of alice", await client.ScalarAsync("select body from notes"));
        IReadOnlyList<WireMessage> refused = await client.QueryAsync("set poolproxy.token = 'no token'");
        Assert.Equal(("28000", "ReadyForQuery E"), (refused[0].SqlState, refused[^1].ToString()));
        Assert.Equal("25P02", (await client.QueryAsync("select 1"))[0].SqlState);
        Assert.Equal("25P02", (await client.QueryAsync($"set poolproxy.token = '{_here.Reader("alice").Build()}'"))[0].SqlState);
        await client.DoAsync("rollback");
        Assert.Equal("of alice", await client.ScalarAsync("select body from notes"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_sent_around_it_is_answered_in_its_order(bool isCut)
    {
        await using RawClient client = await _here.LoginAsync("alice");
        await using RawClient bob = await _here.LoginAsync("bob");
        string set = $"set poolproxy.token = '{_here.Reader("alice").Build()}'", bad = $"set poolproxy.token = '{_here.Reader("bob").Build()}'";
        client.Query("select 'one'").Query(set).Query("select 'two'").Query(bad).Query("select 'three'")
            .Parse("", "select 'four'").Bind("", "").Execute().Parse("", set).Bind("", "").Execute().Parse("", "select 'five'").Bind("", "").Execute().Sync()
            .Parse("s1", bad).Bind("", "s1").Execute().Parse("", "select 'skipped'").Bind("", "").Execute().Sync()
            .Parse("s2", set).Sync().Query("select 'six'");
        await (isCut ? client.SendByteByByteAsync() : client.SendAsync());
        var got = new List<string>();
        for (int ready = 0; ready < 9; ready++)
        {
            got.AddRange((await client.ReadUntilAsync("ReadyForQuery")).Select(message => message.Name switch
            {
                "DataRow" => message.Values[0]!,
                "CommandComplete" => message.Text,
                "ErrorResponse" => message.SqlState,
                _ => "",
            }).Where(text => text.Length > 0));
        }

        Assert.Equal(
            ["one", "SELECT 1", "SET", "two", "SELECT 1", "42501", "three", "SELECT 1", "four", "SELECT 1", "SET", "five", "SELECT 1", "42501", "six", "SELECT 1"], got);
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));
    }

    [Fact]
    public async Task Sessions_show_what_they_rest_on_since_and_an_order_about_the_old_token_does_not_concern_them()
    {
        await using RawClient client = await _here.LoginAsync("alice", _here.Reader("alice").Claim("jti", "old"));
        await using RawClient console = await _here.ConsoleAsync();
        string? before = (await console.RowAsync("show sessions", "subject", "alice"))["jti_hash"];
        await client.DoAsync($"set poolproxy.token = '{_here.Reader("alice").Claim("jti", "new").Build()}'");
        Assert.NotEqual(before, (await console.RowAsync("show sessions", "subject", "alice"))["jti_hash"]);
        Assert.Equal("0 sessions ended", (await console.QueryAsync("revoke jti 'old'"))[0].ErrorField('M'));
        Assert.Equal("28000", (await client.QueryAsync($"set poolproxy.token = '{_here.Reader("alice").Claim("jti", "old").Build()}'"))[0].SqlState);
        Assert.Equal("1 session ended", (await console.QueryAsync("revoke jti 'new'"))[0].ErrorField('M'));
        Assert.Equal("57P01", RawClientQuestions.Said(await client.ReadToEndAsync()));
    }
}
