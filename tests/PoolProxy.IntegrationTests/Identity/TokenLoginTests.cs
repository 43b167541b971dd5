using System.Text.Json;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>Tokens as passwords: who comes in, what everybody else is told, and what is written down.</summary>
public sealed class TokenLoginTests(SharedInstallations installations) : IClassFixture<SharedInstallations>
{
    private static readonly Dictionary<string, Func<Installation, string>> BadTokens = new()
    {
        ["expired"] = here => here.Reader("alice").Life(TimeSpan.FromHours(-1)).Build(),
        ["not yet valid"] = here => here.Reader("alice").Claim("nbf", DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds()).Build(),
        ["of another issuer"] = here => here.Reader("alice").Claim("iss", "https://elsewhere.invalid").Build(),
        ["for another audience"] = here => here.Reader("alice").Claim("aud", "elsewhere").Build(),
        ["forged"] = here => here.Reader("alice").ForgedBy(IssuerKey.Create("ES256")).Build(),
        ["of an unknown key"] = here => here.Reader("alice").SignedBy(IssuerKey.Create("ES256")).Build(),
        ["unsigned"] = here => here.Reader("alice").Unsigned().Build(),
        ["signed with the public key as a secret"] = here => here.Reader("alice").SignedByHmac(System.Text.Encoding.ASCII.GetBytes(here.Issuer.Key.PublicPem)).Build(),
        ["without a subject"] = here => here.Reader("alice").Without("sub").Build(),
        ["cut"] = here => here.Reader("alice").Build()[..^5],
        ["not a token"] = _ => "secret",
    };

    public static TheoryData<string> Bad => new(BadTokens.Keys);

    private static int Major => AvailablePostgres.Found[^1].Major;

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Every_token_that_proves_nothing_gets_the_same_answer(string what)
    {
        Installation here = await installations.OfAsync(Major, "partitioned");
        await using RawClient client = await here.Proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync("alice", here.Database.Name, BadTokens[what](here));
        Assert.Equal("28P01 password authentication failed for user \"alice\"", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
        await using RawClient elsewhere = await here.Proxy.ConnectAsync();
        RawLogin unknown = await elsewhere.TryLoginAsync("alice", "no_such_database", BadTokens[what](here));
        Assert.Equal(login.Error?.ToString(), unknown.Error?.ToString());
    }

    [Fact]
    public async Task Behind_the_proof_the_answers_say_what_is_wrong()
    {
        Installation here = await installations.OfAsync(Major, "partitioned");
        await using RawClient client = await here.Proxy.ConnectAsync();
        Assert.Equal("3D000", (await client.TryLoginAsync("alice", "no_such_database", here.Reader("alice").Build())).Error?.SqlState);
        Assert.Equal("28000", (await here.TryLoginAsync("alice", here.Issuer.Token("alice").Groups("visitors"))).Error?.SqlState);
        Assert.Equal("28000", (await here.TryLoginAsync("bob", here.Reader("alice"))).Error?.SqlState);
        Assert.Equal("28000", (await here.TryLoginAsync(here.Writers, here.Reader("alice"))).Error?.SqlState);
    }

    [Fact]
    public async Task The_user_is_the_persons_own_name_or_the_role()
    {
        Installation here = await installations.OfAsync(Major, "partitioned");
        foreach (string user in (string[])["alice", here.Readers, "alice@example.com"])
        {
            await using RawClient client = await here.LoginAsync(user, here.Reader("alice").Claim("email", "alice@example.com"));
            Assert.Equal(here.Readers, await client.ScalarAsync("select current_user"));
            Assert.Equal("of alice", await client.ScalarAsync("select body from notes"));
        }
    }

    [Fact]
    public async Task A_token_travels_by_TLS_only()
    {
        using var folder = new TemporaryFolder();
        using SandboxCertificates certificates = SandboxCertificates.Create(folder.Path);
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { TokenWithoutTls = "refuse", Certificate = certificates.ServerEc });
        await using RawClient clear = await here.Proxy.ConnectAsync();
        RawLogin refused = await clear.TryLoginAsync("alice", here.Database.Name, here.Reader("alice").Build());
        Assert.Equal("28000", refused.Error?.SqlState);
        Assert.DoesNotContain("AuthenticationCleartextPassword", refused.Names);
        await using RawClient safe = await here.Proxy.ConnectAsync();
        await safe.StartTlsAsync(certificates.AuthorityFile);
        await safe.LoginAsync("alice", here.Database.Name, here.Reader("alice").Build());
        Assert.Equal("of alice", await safe.ScalarAsync("select body from notes"));
    }

    [Fact]
    public async Task A_reconnect_works_while_the_issuer_is_down()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { Issuer = issuer });
        TokenBuilder token = here.Reader("alice").Claim("jti", "the-same");
        string text = token.Build();
        await using RawClient first = await here.Proxy.LoginAsync("alice", here.Database.Name, text);
        issuer.Fault = IssuerFault.Down;
        await using RawClient second = await here.Proxy.LoginAsync("alice", here.Database.Name, text);
        Assert.Equal("of alice", await second.ScalarAsync("select body from notes"));
        await using RawClient fresh = await here.LoginAsync("bob");
        Assert.Equal("of bob", await fresh.ScalarAsync("select body from notes"));
    }

    [Fact]
    public async Task A_new_key_is_fetched_when_its_first_token_comes()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256" });
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { Issuer = issuer, IssuerLines = "jwks_forced_refresh_interval = 1" });
        await using RawClient first = await here.LoginAsync("alice");
        issuer.Rotate();
        await WaitFor.TrueAsync(async () => (await here.TryLoginAsync("alice", here.Reader("alice"))).Error is null);
        issuer.Rotate(keepOld: false);
        await WaitFor.TrueAsync(async () => (await here.TryLoginAsync("alice", here.Reader("alice"))).Error is null);
    }

    [Fact]
    public async Task A_session_ends_at_its_tokens_expiry()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { IssuerLines = "token_expiry_grace = 1\nclock_skew = 0" });
        await using RawClient idle = await here.LoginAsync("alice", here.Reader("alice").Life(TimeSpan.FromSeconds(3)));
        Assert.Equal("of alice", await idle.ScalarAsync("select body from notes"));
        Assert.Equal("57P01", RawClientQuestions.Said(await idle.ReadToEndAsync()));
    }

    [Fact]
    public async Task A_transaction_is_let_finish_within_the_grace_and_the_session_ends_behind_it()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { IssuerLines = "token_expiry_grace = 60\nclock_skew = 0" });
        await using RawClient busy = await here.LoginAsync("alice", here.Reader("alice").Life(TimeSpan.FromSeconds(3)));
        await busy.DoAsync("begin");
        await WaitFor.TrueAsync(async () => (await here.TryLoginAsync("bob", here.Reader("bob").Life(TimeSpan.FromSeconds(-1)))).Error is not null);
        await busy.DoAsync("select pg_sleep(4)");
        Assert.Equal("of alice", await busy.ScalarAsync("select body from notes"));
        await busy.Query("commit").SendAsync();
        Assert.Equal(["CommandComplete", "ReadyForQuery", "ErrorResponse"], (await busy.ReadToEndAsync()).Select(message => message.Name));
    }

    [Fact]
    public async Task A_transaction_that_outlasts_the_grace_is_ended()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { IssuerLines = "token_expiry_grace = 1\nclock_skew = 0" });
        await using RawClient busy = await here.LoginAsync("alice", here.Reader("alice").Life(TimeSpan.FromSeconds(2)));
        await busy.DoAsync("begin");
        Assert.Equal("57P01", RawClientQuestions.Said(await busy.ReadToEndAsync()));
        await using RawClient bob = await here.LoginAsync("bob");
        Assert.Equal("of bob", await bob.ScalarAsync("select body from notes"));
    }

    [Fact]
    public async Task Every_attempt_leaves_one_line_and_no_token_anywhere()
    {
        await using Installation here = await Installation.StartAsync(Major, new InstallationOptions { Proxy = "verbose = 2" });
        string good = here.Reader("alice").Claim("jti", "good-one").Build();
        var tokens = new List<string> { good };
        var errors = new List<string>();
        await using (RawClient alice = await here.Proxy.LoginAsync("alice", here.Database.Name, good))
        {
            await alice.DoAsync("select 1");
            errors.AddRange((await alice.QueryAsync("select nonsense")).Select(message => message.ToString()));
        }
        foreach (string what in BadTokens.Keys.Where(what => what != "not a token"))
        {
            tokens.Add(BadTokens[what](here));
            await using RawClient client = await here.Proxy.ConnectAsync();
            errors.Add((await client.TryLoginAsync("alice", here.Database.Name, tokens[^1])).Error!.ToString());
        }
        await WaitFor.EqualAsync(tokens.Count, () => Task.FromResult(here.AuditLines.Length));
        JsonElement first = JsonDocument.Parse(here.AuditLines[0]).RootElement;
        Assert.Equal("accepted", first.GetProperty("outcome").GetString());
        Assert.Equal("alice", first.GetProperty("subject").GetString());
        Assert.Equal("good-one", first.GetProperty("jti").GetString());
        Assert.Equal(here.Readers, first.GetProperty("role").GetString());
        Assert.All(here.AuditLines[1..], line => Assert.Equal("refused", JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetString()));
        string written = here.Log + string.Concat(here.AuditLines) + string.Concat(errors) + here.Database.Cluster.LogTail(10_000);
        Assert.All(tokens.SelectMany(token => token.Split('.')).Where(part => part.Length > 20).Distinct(), part => Assert.DoesNotContain(part, written));
    }
}
