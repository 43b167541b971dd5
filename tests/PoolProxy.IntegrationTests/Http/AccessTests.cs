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
