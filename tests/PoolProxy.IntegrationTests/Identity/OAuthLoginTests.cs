using System.Text;
using System.Text.Json;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.Testing.Wire;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>auth_type = "oauth": SASL OAUTHBEARER word for word, and what is written down of it.</summary>
public sealed class OAuthLoginTests(OAuthInstallation place) : IClassFixture<OAuthInstallation>
{
    private static readonly string[] Malformed =
    [
        "", "n", "n,,", "n,,auth=Bearer x||", "p=tls-server-end-point,,|auth=Bearer x||", "n,a=alice,|auth=Bearer x||", "n,,|auth=Bearer x|", "n,,|auth=Bearer x",
        "n,,||", "n,,|auth||", "n,,|auth=Bearer x|auth=Bearer x||", "n,,|auth=Bearer x|||", "n,,|auth=Bearer x\0||", "n,,|host=h||",
    ];

    public static TheoryData<string> MalformedMessages => [.. Malformed];

    private static string Fault => "08P01 invalid message format";

    [Fact]
    public async Task A_good_token_enters_in_one_round()
    {
        await using RawClient client = await place.Here.Proxy.ConnectAsync();
        RawLogin login = await client.TryOAuthAsync("alice", place.Here.Database.Name, OAuthClient.Bearer(place.Here.Reader("alice").Build()));
        Assert.Null(login.Error);
        Assert.Equal("AuthenticationOk", login.Names.First());
        Assert.Equal("of alice", await client.ScalarAsync("select body from notes"));
    }

    [Fact]
    public async Task A_client_that_says_nothing_at_first_is_asked_once_more()
    {
        await using RawClient client = await place.Here.Proxy.ConnectAsync();
        await client.OpenAsync("alice", place.Here.Database.Name);
        await client.SendBodyAsync(OAuthClient.Initial("", length: -1));
        Assert.Empty((await client.ExpectAsync("AuthenticationSASLContinue")).Body[sizeof(int)..].ToArray());
        await client.AnswerAsync(OAuthClient.Bearer(place.Here.Reader("alice").Build()));
        await client.ExpectAsync("AuthenticationOk");
    }

    [Fact]
    public async Task Without_a_token_a_client_is_told_where_to_get_one_and_that_is_no_failure()
    {
        await using Installation here = await OAuthInstallation.StartAsync();
        await using RawClient client = await here.Proxy.ConnectAsync();
        await client.OpenAsync("alice", here.Database.Name);
        await client.SayAsync("n,,|auth=||");
        WireMessage told = await client.ExpectAsync("AuthenticationSASLContinue");
        JsonElement answer = JsonDocument.Parse(told.Body[sizeof(int)..].ToArray()).RootElement;
        Assert.Equal("invalid_token", answer.GetProperty("status").GetString());
        Assert.Equal(here.Issuer.Issuer + "/.well-known/openid-configuration", answer.GetProperty("openid-configuration").GetString());
        Assert.Equal("openid groups", answer.GetProperty("scope").GetString());
        await client.AnswerAsync("|");
        WireMessage error = await client.ExpectAsync("ErrorResponse");
        Assert.Equal("28P01 password authentication failed for user \"alice\"", $"{error.SqlState} {error.ErrorText}");
        Assert.Empty(await client.ReadToEndAsync());

        // Neither does it matter whether the client stays for its refusal.
        await using (RawClient hasty = await here.Proxy.ConnectAsync())
        {
            await hasty.OpenAsync("bob", here.Database.Name);
            await hasty.SayAsync("n,,|auth=||");
            await hasty.ExpectAsync("AuthenticationSASLContinue");
        }

        await WaitFor.EqualAsync(2, () => Task.FromResult(here.AuditLines.Length));
        Assert.All(here.AuditLines.Select(line => JsonDocument.Parse(line).RootElement), line =>
        {
            Assert.Equal("discovery", line.GetProperty("outcome").GetString());
            Assert.Equal("oauth", line.GetProperty("method").GetString());
            Assert.False(line.TryGetProperty("reason", out _));
        });
        Assert.DoesNotContain("login failed", here.Log);
    }

    [Fact]
    public async Task A_token_that_proves_nothing_is_answered_like_none_and_then_refused_like_any()
    {
        await using Installation here = await OAuthInstallation.StartAsync();
        string[] texts =
        [
            OAuthClient.Bearer(here.Reader("alice").Life(TimeSpan.FromHours(-1)).Build()), OAuthClient.Bearer(here.Reader("alice").ForgedBy(IssuerKey.Create("ES256")).Build()),
            OAuthClient.Bearer("opaque"), OAuthClient.Bearer(new string('x', 60_000)), "n,,|auth=Basic eDp5||", "n,,|auth=Bearer ||", "n,,|auth=Bearer a b||", "n,,|auth=||",
        ];
        var answers = new List<string>();
        foreach (string text in texts)
        {
            await using RawClient client = await here.Proxy.ConnectAsync();
            RawLogin login = await client.TryOAuthAsync("alice", here.Database.Name, text);
            answers.Add(string.Join(' ', login.Messages));
            Assert.Equal(["AuthenticationSASLContinue", "ErrorResponse"], login.Names);
        }

        Assert.Single(answers.Distinct());
        await WaitFor.EqualAsync(texts.Length, () => Task.FromResult(here.AuditLines.Length));
        Assert.Equal(
            ["Expired", "SignatureInvalid", "NotThreeParts", "TooLong", "oauth_NotBearer", "oauth_NotBearer", "oauth_NotBearer", null],
            here.AuditLines.Select(line => JsonDocument.Parse(line).RootElement.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() : null));
    }

    [Fact]
    public async Task A_client_that_leaves_before_its_refusal_is_written_down_with_the_reason()
    {
        await using Installation here = await OAuthInstallation.StartAsync();
        await using (RawClient client = await here.Proxy.ConnectAsync())
        {
            await client.OpenAsync("alice", here.Database.Name);
            await client.SayAsync(OAuthClient.Bearer(here.Reader("alice").Life(TimeSpan.FromHours(-1)).Build()));
            await client.ExpectAsync("AuthenticationSASLContinue");
        }

        await WaitFor.EqualAsync(1, () => Task.FromResult(here.AuditLines.Length));
        JsonElement line = JsonDocument.Parse(here.AuditLines[0]).RootElement;
        Assert.Equal("refused Expired", $"{line.GetProperty("outcome").GetString()} {line.GetProperty("reason").GetString()}");
    }

    [Fact]
    public async Task Behind_the_proof_the_refusal_comes_at_once_and_says_why()
    {
        await using RawClient client = await place.Here.Proxy.ConnectAsync();
        RawLogin login = await client.TryOAuthAsync("alice", place.Here.Database.Name, OAuthClient.Bearer(place.Here.Issuer.Token("alice").Groups("visitors").Build()));
        Assert.Equal(["ErrorResponse"], login.Names);
        Assert.Equal("28000 no rule admits this identity", $"{login.Error?.SqlState} {login.Error?.ErrorText}");
    }

    [Theory]
    [MemberData(nameof(MalformedMessages))]
    public async Task A_message_that_is_none_is_a_breach_of_the_protocol(string text)
    {
        await using RawClient client = await place.Here.Proxy.ConnectAsync();
        RawLogin login = await client.TryOAuthAsync("alice", place.Here.Database.Name, text);
        Assert.Equal(Fault, $"{login.Error?.SqlState} {login.Error?.ErrorText}");
        Assert.Equal(["ErrorResponse"], login.Names);
    }

    [Theory]
    [InlineData("n,,|auth=Bearer x||", "SCRAM-SHA-256", null)]
    [InlineData("n,,|auth=Bearer x||", "oauthbearer", null)]
    [InlineData("n,,|auth=Bearer x||", "", null)]
    [InlineData("n,,|auth=Bearer x||", "OAUTHBEARER", 0)]
    [InlineData("n,,|auth=Bearer x||", "OAUTHBEARER", 18)]
    [InlineData("n,,|auth=Bearer x||", "OAUTHBEARER", 20)]
    [InlineData("n,,|auth=Bearer x||", "OAUTHBEARER", -1)]
    [InlineData("n,,|auth=Bearer x||", "OAUTHBEARER", -2)]
    [InlineData("n,,|auth=Bearer x||", "OAUTHBEARER", int.MaxValue)]
    [InlineData("n,,|auth=Bearer x||", "OAUTHBEARER", int.MinValue)]
    public async Task A_first_response_of_another_mechanism_or_length_is_a_breach_of_the_protocol(string text, string mechanism, int? length)
    {
        await using RawClient client = await place.Here.Proxy.ConnectAsync();
        await client.OpenAsync("alice", place.Here.Database.Name);
        await client.SendBodyAsync(OAuthClient.Initial(text, mechanism, length));
        WireMessage error = await client.ExpectAsync("ErrorResponse");
        Assert.Equal(Fault, $"{error.SqlState} {error.ErrorText}");
        Assert.Empty(await client.ReadToEndAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("||")]
    [InlineData("x")]
    [InlineData("n,,|auth=Bearer x||")]
    public async Task Anything_but_one_separator_behind_the_answer_is_a_breach_of_the_protocol(string text)
    {
        await using RawClient client = await place.Here.Proxy.ConnectAsync();
        await client.OpenAsync("alice", place.Here.Database.Name);
        await client.SayAsync("n,,|auth=||");
        await client.ExpectAsync("AuthenticationSASLContinue");
        await client.AnswerAsync(text);
        WireMessage error = await client.ExpectAsync("ErrorResponse");
        Assert.Equal(Fault, $"{error.SqlState} {error.ErrorText}");
    }

    [Fact]
    public async Task A_message_of_10_MB_ends_the_login_by_its_length_alone()
    {
        await using RawClient client = await place.Here.Proxy.ConnectAsync();
        await client.OpenAsync("alice", place.Here.Database.Name);
        await client.Put([(byte)'p', 0, 0x98, 0x96, 0x80]).SendAsync();
        WireMessage error = await client.ExpectAsync("ErrorResponse");
        Assert.Equal("08P01", error.SqlState);
        Assert.Empty(await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_message_of_another_type_ends_the_login()
    {
        await using RawClient client = await place.Here.Proxy.ConnectAsync();
        await client.OpenAsync("alice", place.Here.Database.Name);
        await client.Query("select 1").SendAsync();
        Assert.Equal("08P01", (await client.ExpectAsync("ErrorResponse")).SqlState);
    }

    [Fact]
    public async Task A_token_in_pieces_is_one()
    {
        await using RawClient client = await place.Here.Proxy.ConnectAsync();
        await client.OpenAsync("alice", place.Here.Database.Name);
        byte[] body = OAuthClient.Initial(OAuthClient.Bearer(place.Here.Reader("alice").Build()));
        await client.Put([(byte)'p', .. BitConverter.GetBytes(body.Length + 4).Reverse(), .. body]).SendByteByByteAsync();
        await client.ExpectAsync("AuthenticationOk");
    }

    [Fact]
    public async Task A_token_travels_by_TLS_only()
    {
        using var folder = new TemporaryFolder();
        using SandboxCertificates certificates = SandboxCertificates.Create(folder.Path);
        await using Installation here = await OAuthInstallation.StartAsync(new InstallationOptions { TokenWithoutTls = "refuse", Certificate = certificates.ServerEc });
        await using RawClient clear = await here.Proxy.ConnectAsync();
        await clear.StartupAsync("alice", here.Database.Name);
        Assert.Equal("28000", (await clear.ExpectAsync("ErrorResponse")).SqlState);
        await using RawClient safe = await here.Proxy.ConnectAsync();
        await safe.StartTlsAsync(certificates.AuthorityFile);
        Assert.Null((await safe.TryOAuthAsync("alice", here.Database.Name, OAuthClient.Bearer(here.Reader("alice").Build()))).Error);
        Assert.Equal("of alice", await safe.ScalarAsync("select body from notes"));
    }

    [Fact]
    public async Task No_token_is_written_down()
    {
        await using Installation here = await OAuthInstallation.StartAsync(new InstallationOptions { Proxy = "verbose = 2" });
        string[] tokens = [here.Reader("alice").Build(), here.Reader("alice").Life(TimeSpan.FromHours(-1)).Build(), "an-opaque-token-that-nobody-knows"];
        var said = new StringBuilder();
        foreach (string text in tokens.Select(OAuthClient.Bearer).Append(OAuthClient.Bearer(tokens[0]) + "x").Append(OAuthClient.Bearer(tokens[2]).Replace("Bearer", "Basic")))
        {
            await using RawClient client = await here.Proxy.ConnectAsync();
            said.AppendJoin(' ', (await client.TryOAuthAsync("alice", here.Database.Name, text)).Messages);
        }

        await WaitFor.EqualAsync(5, () => Task.FromResult(here.AuditLines.Length));
        string written = here.Log + string.Concat(here.AuditLines) + said;
        Assert.All(tokens.SelectMany(token => token.Split('.')).Where(part => part.Length > 20).Distinct(), part => Assert.DoesNotContain(part, written));
    }
}
