using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Revocation;

/// <summary>Orders from the console: who is in is ended, with what it runs, and who comes is refused, whatever is remembered of the token.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private Installation _here = null!;

    public async Task InitializeAsync() => _here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { PoolSize = 3, Proxy = "verbose = 2\nthreads = 2" });

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Theory]
    [InlineData("jti 'j-alice'")]
    [InlineData("jti 'j-alice' issuer 'corp'")]
    [InlineData("sub 'alice'")]
    [InlineData("sub 'alice' issuer 'corp' reason 'left; the company''s laptop too'")]
    [InlineData("sid 's-alice'")]
    [InlineData("before 'now' sub 'alice'")]
    public async Task What_an_order_covers_is_ended_idle_or_busy_and_refused_and_nobody_else_is_touched(string order)
    {
        string token = _here.Reader("alice").Claim("jti", "j-alice").Claim("sid", "s-alice").Claim("iat", DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 5).Build();
        await using RawClient idle = await LoginAsync("alice", token);
        await using RawClient busy = await LoginAsync("alice", token);
        await using RawClient bob = await _here.LoginAsync("bob");
        await using RawClient console = await _here.ConsoleAsync();
        string busyServer = (await busy.ScalarAsync("select pg_backend_pid()"))!;
        await busy.Query("select pg_sleep(600)").SendAsync();
        await RunningAsync(busyServer, "select pg_sleep(600)");

        IReadOnlyList<WireMessage> answer = await console.QueryAsync($"revoke {order}");
        Assert.Equal("2 sessions ended", answer[0].ErrorField('M'));
        Assert.Equal("REVOKE", answer[1].Text);

        foreach (RawClient client in (RawClient[])[idle, busy])
        {
            WireMessage last = (await client.ReadToEndAsync())[^1];
            Assert.Equal(("FATAL", "57P01", "the token has been revoked"), (last.ErrorField('S'), last.SqlState, last.ErrorText));
        }

        // The statement is cancelled on the server too, and the login is refused though its token was remembered.
        await WaitFor.EqualAsync(0, () => _here.Database.QueryAsync<int>($"select count(*)::int from pg_stat_activity where query = 'select pg_sleep(600)' and datname = '{_here.Database.Name}'"));
        RawLogin refused = await TryAsync("alice", token);
        Assert.Equal("28P01", refused.Error?.SqlState);
        Assert.Equal("password authentication failed for user \"alice\"", refused.Error?.ErrorField('M'));
        await WaitFor.TrueAsync(() => Array.Exists(_here.AuditLines, line => line.Contains("\"reason\":\"Revoked\"", StringComparison.Ordinal)));
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));

        Dictionary<string, string?> shown = Assert.Single(await console.RowsAsync("show revocations"));
        Assert.Equal("console", shown["source"]);
        await console.DoAsync($"unrevoke {order}");
        Assert.Empty(await console.RowsAsync("show revocations"));
        Assert.Null((await TryAsync("alice", token)).Error);
    }

    [Fact]
    public async Task Issued_before_spares_what_was_issued_since()
    {
        await using RawClient console = await _here.ConsoleAsync();
        await console.DoAsync("revoke before '2031-01-01T00:00:00Z' sub 'alice' issuer 'corp'");
        Assert.Equal("28P01", (await TryAsync("alice", _here.Reader("alice").Build())).Error?.SqlState);
        Assert.Equal("28P01", (await TryAsync("alice", _here.Reader("alice").Without("iat").Build())).Error?.SqlState);
        await console.DoAsync("unrevoke before 'now' sub 'alice' issuer 'corp'");

        await console.DoAsync("revoke before '2020-01-01T00:00:00Z'");
        Assert.Null((await TryAsync("alice", _here.Reader("alice").Build())).Error);
        Assert.Equal("28P01", (await TryAsync("alice", _here.Reader("alice").Without("iat").Build())).Error?.SqlState);
    }

    [Fact]
    public async Task An_issuer_can_be_revoked_and_then_the_console_of_its_people_ends_too()
    {
        await using RawClient console = await _here.ConsoleAsync();
        await using RawClient alice = await _here.LoginAsync("alice");
        await console.Query($"revoke issuer '{_here.Issuer.Issuer}' for '1h'").SendAsync();
        Assert.Equal("57P01", RawClientQuestions.Said(await alice.ReadToEndAsync()));
        Assert.Equal("57P01", RawClientQuestions.Said(await console.ReadToEndAsync()));
        await using RawClient refused = await _here.Proxy.ConnectAsync();
        Assert.Equal("28P01", (await refused.TryLoginAsync("admin", "poolproxy", _here.Issuer.Token("admin").Groups("admins").Build())).Error?.SqlState);
    }

    [Fact]
    public async Task KILL_IDENTITY_ends_a_subjects_sessions_and_lets_it_come_again()
    {
        await using RawClient console = await _here.ConsoleAsync();
        await using RawClient alice = await _here.LoginAsync("alice");
        await using RawClient bob = await _here.LoginAsync("bob");
        Assert.Equal("1 session ended", (await console.QueryAsync("kill identity 'alice' issuer 'corp'"))[0].ErrorField('M'));
        Assert.Equal("57P01", RawClientQuestions.Said(await alice.ReadToEndAsync()));
        await using RawClient again = await _here.LoginAsync("alice");
        Assert.Equal("of alice", await again.ScalarAsync("select body from notes"));
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));
        Assert.Equal("0 sessions ended", (await console.QueryAsync("kill identity 'nobody'"))[0].ErrorField('M'));
        Assert.Equal("42704", (await console.QueryAsync("kill identity 'alice' issuer 'no such'"))[0].SqlState);
    }

    [Fact]
    public async Task Sessions_and_identities_are_shown_and_of_a_token_only_a_hash_of_its_id()
    {
        string token = _here.Reader("alice").Claim("jti", "j-1").Claim("sid", "s-1").Build();
        await using RawClient alice = await LoginAsync("alice", token);
        await using RawClient console = await _here.ConsoleAsync();
        await alice.DoAsync("begin");

        Dictionary<string, string?> session = await console.RowAsync("show sessions", "subject", "alice");
        Assert.Equal(("corp", _here.Readers, "2", "s-1", "active"), (session["issuer"], session["role"], session["rule"], session["sid"], session["state"]));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("j-1"u8).AsSpan(0, 8)), session["jti_hash"]);
        Assert.NotNull(session["expires"]);
        Assert.Equal("console", (await console.RowAsync("show sessions", "subject", "admin"))["state"]);
        Dictionary<string, string?> identity = await console.RowAsync("show identities", "subject", "alice");
        Assert.Equal(("1", "1", "0"), (identity["clients"], identity["servers"], identity["prepared_statements"]));
        string signature = token[(token.LastIndexOf('.') + 1)..];
        Assert.DoesNotContain(signature, string.Concat(await console.QueryAsync("show sessions")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("revoke", "42601")]
    [InlineData("revoke jti", "42601")]
    [InlineData("revoke jti j1", "42601")]
    [InlineData("revoke jti 'a' sub 'b'", "42601")]
    [InlineData("revoke jti 'a' before 'now'", "42601")]
    [InlineData("revoke before 'yesterday'", "42601")]
    [InlineData("revoke sub 'a' until '2031-01-01T00:00:00Z' for '1h'", "42601")]
    [InlineData("revoke sub 'a' issuer 'no such'", "42704")]
    [InlineData("revoke jti 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.'", "42601")]
    [InlineData("unrevoke sub 'a'", "42704")]
    public async Task What_is_no_order_changes_nothing(string command, string sqlState)
    {
        await using RawClient console = await _here.ConsoleAsync();
        Assert.Equal(sqlState, (await console.QueryAsync(command))[0].SqlState);
        Assert.Empty(await console.RowsAsync("show revocations"));
        Assert.DoesNotContain("eyJ", _here.Log, StringComparison.Ordinal);
    }

    private Task<RawClient> LoginAsync(string user, string token) => _here.Proxy.LoginAsync(user, _here.Database.Name, token);

    private async Task<RawLogin> TryAsync(string user, string token)
    {
        await using RawClient client = await _here.Proxy.ConnectAsync();
        return await client.TryLoginAsync(user, _here.Database.Name, token);
    }

    private Task RunningAsync(string server, string statement) => WaitFor.EqualAsync(
        statement, () => _here.Database.QueryAsync<string>($"select query from pg_stat_activity where pid = {server} and state = 'active'"));
}
