using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Reload;

/// <summary>Issuers come, change and go by RELOAD, and fail, while people are at work.</summary>
public sealed class IssuerReloadTests
{
    [Theory]
    [InlineData("keep")]
    [InlineData("end")]
    public async Task An_issuer_is_added_and_taken_away_while_people_are_at_work(string removed)
    {
        await using TestIssuer other = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        await using Installation here = await StartAsync(new InstallationOptions { Proxy = $"removed_issuer = \"{removed}\"", PoolSize = 2 });
        await using RawClient alice = await here.LoginAsync("alice");
        await alice.DoAsync("begin");
        Assert.Equal("28P01", Code(await here.TryLoginAsync("bob", other.Token("bob").Groups("readers"))));

        Assert.Empty(await here.Proxy.ReloadAsync(text => text + Section(other, here)));
        await using RawClient bob = await here.LoginAsync("bob", other.Token("bob").Groups("readers"));
        await using RawClient idle = await here.LoginAsync("bob", other.Token("bob").Groups("readers"));
        await bob.DoAsync("begin");
        Assert.Equal("of alice", await alice.ScalarAsync("select body from notes"));
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));

        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace(Section(other, here), "", StringComparison.Ordinal)));
        Assert.Equal("28P01", Code(await here.TryLoginAsync("bob", other.Token("bob").Groups("readers"))));
        Assert.Equal("of alice", await alice.ScalarAsync("select body from notes"));
        if (removed == "keep")
        {
            Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));
            await bob.DoAsync("commit");
            Assert.Equal("of bob", await idle.ScalarAsync("select body from notes"));
        }
        else
        {
            Assert.Equal("57P01", RawClientQuestions.Said(await bob.ReadToEndAsync()));
            Assert.Equal("57P01", RawClientQuestions.Said(await idle.ReadToEndAsync()));
        }

        await alice.DoAsync("commit");
    }

    [Fact]
    public async Task An_issuer_changes_while_people_are_at_work_and_others_log_in()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        await using Installation here = await StartAsync(new InstallationOptions { Issuer = issuer, IssuerLines = "max_token_bytes = 16384" });
        await using RawClient alice = await here.LoginAsync("alice");
        using var stop = new CancellationTokenSource();
        Task<int> steady = Task.Run(async () =>
        {
            int count = 0;
            for (; !stop.IsCancellationRequested; count++)
            {
                Assert.Null(Code(await here.TryLoginAsync("bob", here.Reader("bob"))));
            }

            return count;
        });
        string jwks = $"jwks_url = \"{issuer.JwksAddress}\"", timeout = jwks + "\njwks_timeout = \"4s\"";
        for (var i = 0; i < 10; i++)
        {
            // The place of the keys stays, then it changes: new keys are fetched for the one and for the other.
            Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace("max_token_bytes = 16384", "max_token_bytes = 8192", StringComparison.Ordinal)));
            Assert.Empty(await here.Proxy.ReloadAsync(text => i % 2 == 0 ? text.Replace(jwks, timeout, StringComparison.Ordinal) : text.Replace(timeout, jwks, StringComparison.Ordinal)));
            issuer.Rotate(keepOld: true);
            Assert.Equal("of alice", await alice.ScalarAsync("select body from notes"));
        }

        await stop.CancelAsync();
        Assert.True(await steady > 0);
    }

    [Fact]
    public async Task A_login_that_waits_for_an_issuer_is_not_lost_by_a_RELOAD()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        issuer.Fault = IssuerFault.Slow;
        await using Installation here = await StartAsync(new InstallationOptions { Issuer = issuer });
        Task<RawLogin> waiting = here.TryLoginAsync("alice", here.Reader("alice"));
        await WaitFor.TrueAsync(() => issuer.Waiting == 1);

        // The place of the keys changes, so that the fetch that it waits for is given up.
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace("allow_http = true", "allow_http = true\njwks_max_bytes = 4096", StringComparison.Ordinal)));
        await WaitFor.TrueAsync(() => issuer.JwksRequests >= 2);
        Assert.False(waiting.IsCompleted);
        issuer.Fault = IssuerFault.None;
        Assert.Null(Code(await waiting));
    }

    [Fact]
    public async Task An_issuer_that_never_answers_holds_up_nobody_whose_key_is_known()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        await using Installation here = await StartAsync(new InstallationOptions
        {
            Issuer = issuer, IssuerLines = "jwks_forced_refresh_interval = 1\njwks_timeout = \"60s\"", Proxy = "threads = 1",
        });
        string known = here.Reader("alice").Build();
        await using RawClient first = await here.Proxy.LoginAsync("alice", here.Database.Name, known);
        IssuerKey key = issuer.Key;
        issuer.Fault = IssuerFault.Slow;
        issuer.Rotate();
        Task<RawLogin>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => here.TryLoginAsync("bob", here.Reader("bob")))];
        await WaitFor.TrueAsync(() => issuer.Waiting == 1);

        // On the one loop there is: those with the old key, remembered or new, come and work while the others wait for one fetch.
        for (var i = 0; i < 20; i++)
        {
            Assert.Null(Code(await here.TryLoginAsync("alice", here.Issuer.Token("alice").Groups("readers").SignedBy(key))));
            await using RawClient again = await here.Proxy.LoginAsync("alice", here.Database.Name, known);
            Assert.Equal("of alice", await first.ScalarAsync("select body from notes"));
        }

        Assert.Equal(1, issuer.MostWaiting);
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        await using RawClient console = await here.Proxy.LoginAsync("eve", "pgbouncer", issuer.Token("eve").Groups("watchers").SignedBy(key).Build());
        var corp = Assert.Single(await console.RowsAsync("SHOW ISSUERS"));
        Assert.Equal(("1", "1", key.KeyId, issuer.JwksAddress, null), (corp["fetching"], corp["keys"], corp["key_ids"], corp["source"], corp["last_fault"]));
        Assert.InRange(int.Parse(corp["next_fetch"]!, System.Globalization.CultureInfo.InvariantCulture), 1, 900);
        issuer.Fault = IssuerFault.None;
        Assert.All(await Task.WhenAll(waiting), login => Assert.Null(Code(login)));
    }

    [Fact]
    public async Task SHOW_ISSUERS_says_why_an_issuer_cannot_be_asked()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        await using Installation here = await StartAsync(new InstallationOptions { Issuer = issuer, IssuerLines = "jwks_forced_refresh_interval = 1" });
        await using RawClient console = await here.Proxy.LoginAsync("eve", "pgbouncer", issuer.Token("eve").Groups("watchers").Build());
        issuer.Fault = IssuerFault.Redirect;
        issuer.Rotate();
        await WaitFor.TrueAsync(async () =>
        {
            Assert.Equal("28P01", Code(await here.TryLoginAsync("bob", here.Reader("bob"))));
            return (await console.RowsAsync("SHOW ISSUERS"))[0]["last_fault"] is not null;
        });
        var corp = (await console.RowsAsync("SHOW ISSUERS"))[0];
        Assert.Contains("a redirect, which is not followed", corp["last_fault"], StringComparison.Ordinal);
        Assert.Equal(("1", "0", null, null), (corp["keys"], corp["denied_key_ids"], corp["introspecting"], corp["introspection_fault"]));
    }

    private static Task<Installation> StartAsync(InstallationOptions options) => Installation.StartAsync(AvailablePostgres.Found[^1].Major, options);

    private static string Section(TestIssuer issuer, Installation here) => $"""

        [issuers.other]
        issuer = "{issuer.Issuer}"
        audience = "{issuer.Audience}"
        algorithms = ["ES256"]
        allow_http = true

        [[rules]]
        issuer = "other"
        when.groups = "readers"
        role = "{here.Readers}"
        """;

    private static string? Code(RawLogin login) => login.Error?.SqlState;
}
