using PoolProxy.IntegrationTests.Admin;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>[limits] on the wire: who is turned away, when, and what that tells. The clock of bans and rates is the unit tests' part.</summary>
public sealed class LimitTests(PoolScene scene) : IClassFixture<PoolScene>
{
    private const string LongBan = "ban_time = \"1h\"\nban_time_max = \"1h\"\n";

    [Fact]
    public async Task After_too_many_failures_an_address_is_banned_whoever_asks_until_it_is_pardoned()
    {
        await using LimitPlace place = await LimitPlace.StartAsync(scene, LongBan + "address_failures = 2");
        Assert.Null(await place.TryAsync("alice", "of alice"));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("28P01", await place.TryAsync(i == 0 ? "nobody" : "alice", "wrong"));
        }

        // With the right password, a wrong one, and for nobody at all the answer is the same.
        var answers = new List<string>();
        foreach ((string user, string password) in ((string, string)[])[("alice", "of alice"), ("alice", "wrong"), ("nobody", "wrong")])
        {
            await using RawClient client = await place.Proxy.ConnectAsync();
            answers.Add(string.Join(' ', (await client.TryLoginAsync(user, "app", password)).Messages));
        }

        Assert.Single(answers.Distinct());
        Assert.Contains("28000", answers[0], StringComparison.Ordinal);
        Assert.Contains("too many failed logins", answers[0], StringComparison.Ordinal);

        await using RawClient console = await place.ConsoleAsync();
        var ban = Assert.Single(await console.RowsAsync("SHOW BANS"));
        Assert.Equal(("address", "127.0.0.1", "3", "1", "3"), (ban["scope"], ban["name"], ban["failures"], ban["bans"], ban["refused"]));
        Assert.NotNull(ban["until"]);
        Assert.Equal("3", (await console.RowAsync("SHOW STATE", "key", "logins_turned_away"))["value"]);
        Assert.Equal("42601", (await console.QueryAsync("UNBAN"))[0].SqlState);
        Assert.Equal("42704", (await console.QueryAsync("UNBAN '192.0.2.1'"))[0].SqlState);
        Assert.Equal("CommandComplete", (await console.QueryAsync("UNBAN '127.0.0.1'"))[0].Name);
        Assert.Empty(await console.RowsAsync("SHOW BANS"));
        Assert.Null(await place.TryAsync("alice", "of alice"));
        Assert.Contains("Address 127.0.0.1 may not log in for 3600 s", await File.ReadAllTextAsync(place.Proxy.Place.File("proxy.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_guesses_at_the_name_of_the_consoles_own_door_does_not_shut_it()
    {
        await using LimitPlace place = await LimitPlace.StartAsync(scene, LongBan + "identity_failures = 1");
        for (var i = 0; i < 3; i++)
        {
            await place.TryAsync("pgbouncer", "wrong");
        }

        Assert.Equal("28000", await place.TryAsync("pgbouncer", "wrong"));
        await using RawClient console = await RawClient.ConnectUnixAsync(place.Proxy.Place.Folder, place.Proxy.Port);
        Assert.Null((await console.TryLoginAsync("pgbouncer", "pgbouncer")).Error);
        var ban = Assert.Single(await console.RowsAsync("SHOW BANS"));
        Assert.Equal(("identity", "pgbouncer"), (ban["scope"], ban["name"]));
    }

    [Fact]
    public async Task A_banned_address_gets_no_TLS_handshake_and_may_still_cancel()
    {
        await using LimitPlace place = await LimitPlace.StartAsync(scene, LongBan + "address_failures = 1", hasTls: true);
        await using RawClient busy = await place.Proxy.LoginAsync("alice", "app", "of alice");
        await place.TryAsync("alice", "wrong");
        await place.TryAsync("alice", "wrong");
        await using (RawClient client = await place.Proxy.ConnectAsync())
        {
            Assert.Equal('E', await client.RequestTlsAsync());
        }

        await busy.Query("select pg_sleep(60)").SendAsync();
        await WaitFor.TrueAsync(async () =>
        {
            await using RawClient console = await place.ConsoleAsync();
            return (await console.RowAsync("SHOW POOLS", "database", "app"))["cl_active"] == "1";
        });
        await busy.CancelAsync();
        Assert.Equal("57014", (await busy.ReadUntilAsync("ReadyForQuery")).SqlState());
    }

    [Fact]
    public async Task Logins_a_second_and_at_once_are_counted_by_address()
    {
        await using LimitPlace place = await LimitPlace.StartAsync(scene, "address_logins_at_once = 2");
        await using RawClient one = await place.Proxy.ConnectAsync();
        await using RawClient two = await place.Proxy.ConnectAsync();
        // Answered, they are past the kernel, which keeps the silent to itself (tcp_defer_accept).
        Assert.Equal('N', await one.RequestTlsAsync());
        Assert.Equal('N', await two.RequestTlsAsync());
        Assert.Equal("53300", await place.TryAsync("alice", "of alice"));
        await one.DisposeAsync();
        await WaitFor.TrueAsync(async () => await place.TryAsync("alice", "of alice") is null);

        // A client that is in is no login any more.
        await using RawClient served = await place.Proxy.LoginAsync("alice", "app", "of alice");
        Assert.Null(await place.TryAsync("bob", "of bob"));

        await using LimitPlace slow = await LimitPlace.StartAsync(scene, "address_logins_per_second = 1");
        Assert.Null(await slow.TryAsync("alice", "of alice"));
        await WaitFor.EqualAsync("53300", () => slow.TryAsync("alice", "of alice"));
        await using RawClient console = await slow.ConsoleAsync();
        Assert.Empty(await console.RowsAsync("SHOW BANS"));
    }

    [Fact]
    public async Task A_user_name_is_banned_whether_or_not_it_exists_and_others_of_the_address_enter()
    {
        await using LimitPlace place = await LimitPlace.StartAsync(scene, LongBan + "identity_failures = 1");
        var answers = new List<string>();
        foreach (string user in (string[])["alice", "nobody"])
        {
            Assert.Equal("28P01", await place.TryAsync(user, "wrong"));
            Assert.Equal("28P01", await place.TryAsync(user, "wrong"));
            await using RawClient client = await place.Proxy.ConnectAsync();
            answers.Add(string.Join(' ', (await client.TryLoginAsync(user, "app", "of alice")).Messages));
        }

        Assert.Single(answers.Distinct());
        Assert.Contains("28000", answers[0], StringComparison.Ordinal);
        Assert.Null(await place.TryAsync("bob", "of bob"));
        await using RawClient console = await place.ConsoleAsync();
        Assert.Equal(["alice", "nobody"], (await console.RowsAsync("SHOW BANS")).Select(ban => ban["name"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Denials_say_what_the_client_was_not_told()
    {
        await using LimitPlace place = await LimitPlace.StartAsync(scene, "");
        await place.TryAsync("alice", "a wrong secret");
        await place.TryAsync(new string('n', 1000), "a wrong secret");
        Assert.Null(await place.TryAsync("alice", "of alice"));
        await using RawClient console = await place.ConsoleAsync();
        var denials = await console.RowsAsync("SHOW DENIALS");
        Assert.Equal(["unknown_user", "wrong_password"], denials.Select(denial => denial["reason"]));
        Assert.Equal(("alice", "app", "plain"), (denials[1]["user"], denials[1]["database"], denials[1]["method"]));
        Assert.Equal(128, denials[0]["user"]!.Length);
        Assert.DoesNotContain("a wrong secret", string.Concat(denials.SelectMany(denial => denial.Values)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_counts_against_the_address_and_a_good_signature_against_its_subject_and_issuer_only()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            LimitLines = LongBan + "address_exempt = \"\"\naddress_failures = 3\nidentity_failures = 2\nissuer_failures = 50",
        });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("28P01", Code(await here.TryLoginAsync("bob", here.Reader("bob").Life(TimeSpan.FromHours(-1)))));
        }

        // Bob's tokens were bob's, and stale: neither alice nor the address has anything to do with it, however good bob's next one is.
        Assert.Equal("28000", Code(await here.TryLoginAsync("bob", here.Reader("bob"))));
        Assert.Null(Code(await here.TryLoginAsync("alice", here.Reader("alice"))));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("28P01", Code(await here.TryLoginAsync("alice", here.Reader("alice").ForgedBy(IssuerKey.Create("ES256")))));
        }

        Assert.Equal("28000", Code(await here.TryLoginAsync("alice", here.Reader("alice"))));
    }

    [Fact]
    public async Task By_oauth_asking_where_to_get_a_token_counts_for_no_ban()
    {
        await using Installation here = await OAuthInstallation.StartAsync(new InstallationOptions { LimitLines = LongBan + "address_exempt = \"\"\naddress_failures = 1" });
        for (var i = 0; i < 10; i++)
        {
            await using RawClient client = await here.Proxy.ConnectAsync();
            Assert.Equal("28P01", Code(await client.TryOAuthAsync("alice", here.Database.Name, "n,,|auth=||")));
        }

        await using RawClient good = await here.Proxy.ConnectAsync();
        Assert.Null(Code(await good.TryOAuthAsync("alice", here.Database.Name, OAuthClient.Bearer(here.Reader("alice").Build()))));
    }

    [Fact]
    public async Task While_the_issuer_cannot_be_asked_nobody_is_banned_for_its_new_keys()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            Issuer = issuer, LimitLines = LongBan + "address_exempt = \"\"\naddress_failures = 1", IssuerLines = "jwks_forced_refresh_interval = 1",
        });
        Assert.Null(Code(await here.TryLoginAsync("alice", here.Reader("alice"))));
        TokenBuilder old = here.Reader("alice");
        issuer.Fault = IssuerFault.Down;
        issuer.Rotate();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("28P01", Code(await here.TryLoginAsync("bob", here.Reader("bob"))));
        }

        Assert.Contains("KeyNotFetched", string.Concat(here.AuditLines), StringComparison.Ordinal);
        Assert.Null(Code(await here.TryLoginAsync("alice", old)));
        issuer.Fault = IssuerFault.None;
        await WaitFor.TrueAsync(async () => Code(await here.TryLoginAsync("bob", here.Reader("bob"))) is null);
    }

    [Fact]
    public async Task Logins_of_one_identity_and_of_one_issuer_are_counted()
    {
        await using Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions { LimitLines = "identity_logins_per_second = 1" });
        Assert.Null(Code(await here.TryLoginAsync("alice", here.Reader("alice"))));
        await WaitFor.EqualAsync("53300", async () => Code(await here.TryLoginAsync("alice", here.Reader("alice"))));
        Assert.Null(Code(await here.TryLoginAsync("bob", here.Reader("bob"))));
        Assert.Empty(await here.Proxy.ReloadAsync(text => text.Replace("identity_logins_per_second = 1", "issuer_logins_per_second = 1", StringComparison.Ordinal)));
        await WaitFor.EqualAsync("53300", async () => Code(await here.TryLoginAsync("bob", here.Reader("bob"))));
        await WaitFor.TrueAsync(() => string.Concat(here.AuditLines).Contains("issuer_TooFast", StringComparison.Ordinal));
    }

    private static string? Code(RawLogin login) => login.Error?.SqlState;
}
