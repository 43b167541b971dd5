using System.Text.Json;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.IntegrationTests.Http;

/// <summary>Access on demand, from the request over HTTP to the session and its end.</summary>
public sealed class AccessTests
{
    [Fact]
    public async Task A_credential_opens_one_session_of_the_person_who_asked_and_no_other()
    {
        await using AccessPlace place = await AccessPlace.StartAsync();
        Installation here = place.Here;
        Assert.Equal("28000", (await here.TryLoginAsync("carol", place.OnCall("carol"))).Error?.SqlState);
        (string credential, string grant) = await place.GetAsync("carol");
        await using (RawClient carol = await here.Proxy.LoginAsync("carol", here.Database.Name, credential))
        {
            Assert.Equal(here.Writers, await carol.ScalarAsync("select current_user"));
            Assert.Equal("carol", await carol.ScalarAsync("select current_setting('request.jwt.claims')::json ->> 'sub'"));
            Assert.Equal("28P01 password authentication failed for user \"carol\"", await RefusalAsync(here, "carol", here.Database.Name, credential));
        }

        Assert.Equal("28P01 password authentication failed for user \"carol\"", await RefusalAsync(here, "carol", here.Database.Name, credential));
        await WaitFor.TrueAsync(() => here.AuditLines.Length == 5);
        Assert.Equal(
            ["login refused NoRule", "access_request accepted ", "login accepted ", "login refused GrantUsed", "login refused GrantUsed"],
            here.AuditLines.Select(Summary));
        JsonElement request = JsonDocument.Parse(here.AuditLines[1]).RootElement;
        Assert.Equal(("carol", grant, here.Writers, "ticket 4711", 1), (
            request.GetProperty("subject").GetString(), request.GetProperty("grant").GetString(), request.GetProperty("role").GetString(),
            request.GetProperty("justification").GetString(), request.GetProperty("policy").GetInt32()));
        Assert.Equal(grant, JsonDocument.Parse(here.AuditLines[2]).RootElement.GetProperty("jti").GetString());
        Assert.DoesNotContain(credential.Split('.')[2], here.Log + string.Concat(here.AuditLines));
    }

    [Fact]
    public async Task Of_many_who_come_at_once_with_one_credential_one_is_let_in()
    {
        await using AccessPlace place = await AccessPlace.StartAsync();
        (string credential, _) = await place.GetAsync("carol");
        RawClient[] clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => place.Here.Proxy.ConnectAsync()));
        RawLogin[] logins = await Task.WhenAll(clients.Select(client => client.TryLoginAsync("carol", place.Here.Database.Name, credential)));
        Assert.Single(logins, login => login.Error is null);
        foreach (RawClient client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Elsewhere_or_under_another_name_it_opens_nothing_and_is_not_used_up()
    {
        await using AccessPlace place = await AccessPlace.StartAsync();
        Installation here = place.Here;
        (string credential, _) = await place.GetAsync("carol", form => form["scope"] = here.Readers);
        Assert.StartsWith("28P01", await RefusalAsync(here, "carol", "elsewhere", credential));
        Assert.StartsWith("28P01", await RefusalAsync(here, "carol", "pgbouncer", credential));
        Assert.StartsWith("28P01", await RefusalAsync(here, "alice", here.Database.Name, credential));
        Assert.StartsWith("28P01", await RefusalAsync(here, here.Writers, here.Database.Name, credential));
        Assert.StartsWith("28P01", await RefusalAsync(here, "carol", here.Database.Name, credential[..^4] + "AAAA"));
        await using RawClient carol = await here.Proxy.LoginAsync(here.Readers, here.Database.Name, credential);
        Assert.Equal(here.Readers, await carol.ScalarAsync("select current_user"));
        await WaitFor.TrueAsync(() => here.AuditLines.Length == 7);
        Assert.Equal(
            ["login refused OtherDatabase", "login refused OtherDatabase", "login refused OtherUser", "login refused OtherUser", "login refused SignatureInvalid"],
            here.AuditLines[1..6].Select(Summary));
    }

    [Fact]
    public async Task A_grant_that_was_taken_back_opens_nothing_and_ends_what_it_opened()
    {
        await using AccessPlace place = await AccessPlace.StartAsync();
        Installation here = place.Here;
        string token = place.OnCall("carol").Build();
        (string unused, string first) = await place.GetAsync("carol");
        (string used, string second) = await place.GetAsync("carol");
        await using RawClient carol = await here.Proxy.LoginAsync("carol", here.Database.Name, used);
        Assert.Equal(here.Writers, await carol.ScalarAsync("select current_user"));
        await carol.Query("select pg_sleep(600)").SendAsync();
        Assert.Equal(204, (await place.SendAsync(HttpMethod.Delete, $"/access/grants/{first}", token)).Status);
        Assert.Equal(204, (await place.SendAsync(HttpMethod.Delete, $"/access/grants/{second}", token)).Status);
        Assert.StartsWith("28P01", await RefusalAsync(here, "carol", here.Database.Name, unused));
        Assert.Equal("57P01", RawClientQuestions.Said(await carol.ReadToEndAsync()));
        Assert.Equal(["revoked", "revoked"], (await GrantsAsync(place, token)).Select(grant => grant.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Where_somebody_has_to_approve_nothing_is_given_before()
    {
        await using AccessPlace place = await AccessPlace.StartAsync(policyLines: "approve_when.groups = \"leads\"");
        Installation here = place.Here;
        string carol = place.OnCall("carol").Build(), lee = here.Issuer.Token("lee").Groups("leads").Build(), both = here.Issuer.Token("carol").Groups("leads", "oncall").Build();
        (int status, JsonElement asked) = await place.PostAsync(place.Form(carol));
        Assert.Equal((400, "authorization_pending"), (status, asked.GetProperty("error").GetString()));
        string grant = asked.GetProperty("grant_id").GetString()!;
        Dictionary<string, string> collect = place.Form(carol);
        collect["grant_id"] = grant;
        Assert.Equal("authorization_pending", (await place.PostAsync(collect)).Json.GetProperty("error").GetString());

        // Nobody without the claim, and nobody for themselves.
        foreach (string other in (string[])[carol, both, here.Reader("alice").Build()])
        {
            Assert.Equal(404, (await place.SendAsync(HttpMethod.Post, $"/access/approvals/{grant}", other)).Status);
        }

        Assert.Equal(401, (await place.SendAsync(HttpMethod.Post, $"/access/approvals/{grant}", null)).Status);
        Assert.Equal("pending", Assert.Single(await GrantsAsync(place, lee)).GetProperty("state").GetString());
        Assert.Equal(204, (await place.SendAsync(HttpMethod.Post, $"/access/approvals/{grant}", lee)).Status);
        Assert.Equal(404, (await place.SendAsync(HttpMethod.Post, $"/access/approvals/{grant}", lee)).Status);
        JsonElement approved = Assert.Single(await GrantsAsync(place, carol));
        Assert.Equal(("approved", "lee"), (approved.GetProperty("state").GetString(), approved.GetProperty("approved_by").GetString()));

        Dictionary<string, string> stolen = place.Form(place.OnCall("dave").Build());
        stolen["grant_id"] = grant;
        Assert.Equal("invalid_request", (await place.PostAsync(stolen)).Json.GetProperty("error").GetString());
        JsonElement given = (await place.PostAsync(collect)).Json;
        Assert.Equal("invalid_request", (await place.PostAsync(collect)).Json.GetProperty("error").GetString());
        await using RawClient client = await here.Proxy.LoginAsync("carol", here.Database.Name, given.GetProperty("access_token").GetString()!);
        Assert.Equal(here.Writers, await client.ScalarAsync("select current_user"));
        await WaitFor.TrueAsync(() => here.AuditLines.Length == 10);
        Assert.Equal(
            [
                "access_request pending ", "access_approval refused NoApprover", "access_approval refused NoApprover", "access_approval refused NoApprover", "access_approval accepted ",
                "access_approval refused GrantUnknown", "access_request refused GrantUnknown", "access_request accepted ", "access_request refused GrantUnknown", "login accepted ",
            ],
            here.AuditLines.Select(Summary));
    }

    [Fact]
    public async Task What_waits_for_its_approval_can_be_turned_down()
    {
        await using AccessPlace place = await AccessPlace.StartAsync(policyLines: "approve_when.groups = \"leads\"");
        string lee = place.Here.Issuer.Token("lee").Groups("leads").Build();
        string grant = (await place.PostAsync(place.Form(place.OnCall("carol").Build()))).Json.GetProperty("grant_id").GetString()!;
        Assert.Equal(204, (await place.SendAsync(HttpMethod.Delete, $"/access/grants/{grant}", lee)).Status);
        Assert.Equal(404, (await place.SendAsync(HttpMethod.Post, $"/access/approvals/{grant}", lee)).Status);
        Dictionary<string, string> collect = place.Form(place.OnCall("carol").Build());
        collect["grant_id"] = grant;
        Assert.Equal("invalid_request", (await place.PostAsync(collect)).Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Whoever_was_revoked_meanwhile_finds_the_credential_void()
    {
        await using AccessPlace place = await AccessPlace.StartAsync();
        Installation here = place.Here;
        (string credential, _) = await place.GetAsync("carol");
        await using (RawClient admin = await here.Proxy.LoginAsync("root", "pgbouncer", here.Issuer.Token("root").Groups("admins").Build()))
        {
            await admin.QueryAsync("revoke sub 'carol'");
        }

        Assert.StartsWith("28P01", await RefusalAsync(here, "carol", here.Database.Name, credential));
        Assert.Equal("invalid_request", (await place.PostAsync(place.Form(place.OnCall("carol").Build()))).Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task People_see_and_take_back_their_own_and_admins_everybodys()
    {
        await using AccessPlace place = await AccessPlace.StartAsync();
        string carol = place.OnCall("carol").Build(), dave = place.OnCall("dave").Build(), admin = place.Here.Issuer.Token("root").Groups("admins").Build();
        (_, string hers) = await place.GetAsync("carol");
        (_, string his) = await place.GetAsync("dave");
        Assert.Equal([hers], (await GrantsAsync(place, carol)).Select(Id));
        Assert.Equal([his], (await GrantsAsync(place, dave)).Select(Id));
        Assert.Equal([hers, his], (await GrantsAsync(place, admin)).Select(Id));
        Assert.Equal([], (await GrantsAsync(place, place.Here.Issuer.Token("watcher").Groups("watchers").Build())).Select(Id));
        Assert.Equal(404, (await place.SendAsync(HttpMethod.Delete, $"/access/grants/{hers}", dave)).Status);
        Assert.Equal(404, (await place.SendAsync(HttpMethod.Delete, "/access/grants/nothing", dave)).Status);
        Assert.Equal(204, (await place.SendAsync(HttpMethod.Delete, $"/access/grants/{hers}", admin)).Status);
        Assert.Equal(401, (await place.SendAsync(HttpMethod.Delete, $"/access/grants/{his}", null)).Status);
        Assert.Equal(401, (await place.SendAsync(HttpMethod.Get, "/access/grants", "nonsense")).Status);
        Assert.Equal(401, (await place.SendAsync(HttpMethod.Get, "/access/grants", place.OnCall("carol").Life(TimeSpan.FromHours(-1)).Build())).Status);
    }

    [Fact]
    public async Task Every_token_that_proves_nothing_gets_the_same_answer_and_its_own_line()
    {
        await using AccessPlace place = await AccessPlace.StartAsync();
        (string credential, _) = await place.GetAsync("carol");
        (string Token, string Reason)[] bad =
        [
            (place.OnCall("carol").Life(TimeSpan.FromHours(-1)).Build(), "Expired"),
            (place.OnCall("carol").Claim("aud", "elsewhere").Build(), "AudienceWrong"),
            (place.OnCall("carol").Unsigned().Build(), "AlgorithmUnsupported"),
            (place.OnCall("carol").Build()[..^6], "SignatureInvalid"),
            ("nonsense", "NotThreeParts"),
            (new string('x', 20_000), "TooLong"),
            (credential, "IssuerUnknown"),
        ];
        foreach ((string token, string reason) in bad)
        {
            (int status, JsonElement json) = await place.PostAsync(place.Form(token));
            Assert.Equal((400, "{\"error\":\"invalid_request\",\"error_description\":\"the subject_token is not accepted\"}"), (status, json.GetRawText()));
            await WaitFor.TrueAsync(() => place.Here.AuditLines[^1].Contains($"\"reason\":\"{reason}\"", StringComparison.Ordinal));
        }

        string written = place.Here.Log + string.Concat(place.Here.AuditLines);
        Assert.All(bad.Where(one => one.Token.Contains('.', StringComparison.Ordinal)), one => Assert.DoesNotContain(one.Token.Split('.')[1], written));
    }

    [Theory]
    [InlineData("audience", "elsewhere", "invalid_target", "NoPolicy")]
    [InlineData("scope", "postgres", "invalid_target", "NoPolicy")]
    [InlineData("minutes", "31", "invalid_request", "TooLong")]
    [InlineData("reason", "", "invalid_request", "ReasonMissing")]
    public async Task What_no_policy_gives_is_refused(string parameter, string value, string error, string reason)
    {
        await using AccessPlace place = await AccessPlace.StartAsync();
        Dictionary<string, string> form = place.Form(place.OnCall("carol").Build());
        form[parameter] = value;
        (int status, JsonElement json) = await place.PostAsync(form);
        Assert.Equal((400, error), (status, json.GetProperty("error").GetString()));
        await WaitFor.TrueAsync(() => place.Here.AuditLines.Length == 1);
        Assert.Equal($"access_request refused {reason}", Summary(place.Here.AuditLines[0]));
    }

    [Fact]
    public async Task Others_than_the_policy_means_get_nothing_and_grants_of_one_person_are_bounded()
    {
        await using AccessPlace place = await AccessPlace.StartAsync("max_grants_per_subject = 2\nmax_grants = 3");
        Assert.Equal("invalid_target", (await place.PostAsync(place.Form(place.Here.Reader("alice").Build()))).Json.GetProperty("error").GetString());
        (_, string first) = await place.GetAsync("carol");
        await place.GetAsync("carol");
        Dictionary<string, string> form = place.Form(place.OnCall("carol").Build());
        Assert.Equal("invalid_request", (await place.PostAsync(form)).Json.GetProperty("error").GetString());
        Assert.Equal(204, (await place.SendAsync(HttpMethod.Delete, $"/access/grants/{first}", place.OnCall("carol").Build())).Status);
        Assert.Equal(200, (await place.PostAsync(form)).Status);
        Assert.Equal(503, (await place.PostAsync(place.Form(place.OnCall("dave").Build()))).Status);
    }

    [Fact]
    public async Task A_reload_changes_the_policies_and_what_was_given_stays_given()
    {
        await using AccessPlace place = await AccessPlace.StartAsync();
        (string credential, _) = await place.GetAsync("carol");
        Assert.Empty(await place.Here.Proxy.ReloadAsync(text => text.Replace("\"oncall\"", "\"nobody\"", StringComparison.Ordinal)));
        Assert.Equal(400, (await place.PostAsync(place.Form(place.OnCall("carol").Build()))).Status);
        await using RawClient carol = await place.Here.Proxy.LoginAsync("carol", place.Here.Database.Name, credential);
        Assert.Equal(place.Here.Writers, await carol.ScalarAsync("select current_user"));
    }

    private static async Task<string> RefusalAsync(Installation here, string user, string database, string password)
    {
        await using RawClient client = await here.Proxy.ConnectAsync();
        RawLogin login = await client.TryLoginAsync(user, database, password);
        return $"{login.Error?.SqlState} {login.Error?.ErrorText}";
    }

    private static async Task<JsonElement[]> GrantsAsync(AccessPlace place, string token)
    {
        (int status, string body) = await place.SendAsync(HttpMethod.Get, "/access/grants", token);
        Assert.Equal(200, status);
        return [.. JsonDocument.Parse(body).RootElement.GetProperty("grants").EnumerateArray()];
    }

    private static string? Id(JsonElement grant) => grant.GetProperty("grant_id").GetString();

    private static string Summary(string line)
    {
        JsonElement json = JsonDocument.Parse(line).RootElement;
        return $"{json.GetProperty("event").GetString()} {json.GetProperty("outcome").GetString()} {(json.TryGetProperty("reason", out JsonElement reason) ? reason.GetString() : "")}";
    }
}
