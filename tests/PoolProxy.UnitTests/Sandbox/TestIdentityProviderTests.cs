using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using PoolProxy.Identity.Keys;
using PoolProxy.Identity.Tokens;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using PoolProxy.UnitTests.Identity;
using Xunit;

namespace PoolProxy.UnitTests.Sandbox;

/// <summary>The test issuer as an identity provider: tokens over HTTP, their revocation, and pushed security events.</summary>
public sealed class TestIdentityProviderTests : IAsyncLifetime, IDisposable
{
    private readonly ManualTime _time = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = Deadlines.Step };
    private TestIssuer _issuer = null!;

    public async Task InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Algorithm = "ES256", Path = "/realm", Time = _time });
        _issuer.Tokens.Register("batch", "its: secret", "readers");
        _issuer.Tokens.Register("terminal", null);
    }

    public void Dispose() => _http.Dispose();

    public async Task DisposeAsync() => await _issuer.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Client_credentials_bring_a_token_of_the_client(bool byHeader)
    {
        (HttpStatusCode status, JsonNode answer) = await AskAsync("token_endpoint", byHeader ? "batch:its%3A%20secret" : null, byHeader
            ? [("grant_type", "client_credentials"), ("scope", "db")]
            : [("grant_type", "client_credentials"), ("scope", "db"), ("client_id", "batch"), ("client_secret", "its: secret")]);

        Assert.Equal(HttpStatusCode.OK, status);
        var accepted = Assert.IsType<TokenVerdict.Accepted>(Verify((string)answer["access_token"]!));
        Assert.Equal("batch", accepted.Token.Subject);
        Assert.Equal(("Bearer", 600, "db"), ((string)answer["token_type"]!, (int)answer["expires_in"]!, (string)answer["scope"]!));
    }

    [Theory]
    [InlineData("batch", "wrong", "client_credentials", "invalid_client")]
    [InlineData("nobody", "its: secret", "client_credentials", "invalid_client")]
    [InlineData("terminal", "", "client_credentials", "unauthorized_client")]
    [InlineData("batch", "its: secret", "password", "unsupported_grant_type")]
    public async Task Other_wishes_are_refused_by_name(string client, string secret, string grant, string error)
    {
        (HttpStatusCode status, JsonNode answer) = await AskAsync("token_endpoint", null, [("grant_type", grant), ("client_id", client), ("client_secret", secret)]);
        Assert.Equal((HttpStatusCode.BadRequest, error), (status, (string?)answer["error"]));
    }

    [Fact]
    public async Task A_device_polls_until_a_person_has_approved_it_and_gets_one_token()
    {
        (_, JsonNode begun) = await AskAsync("device_authorization_endpoint", null, [("client_id", "terminal"), ("scope", "openid")]);
        string device = (string)begun["device_code"]!, user = (string)begun["user_code"]!;
        Assert.Equal("authorization_pending", await PollAsync(device));
        Assert.Equal("slow_down", await PollAsync(device));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("authorization_pending", await PollAsync(device));
        Assert.Equal("terminal", (string?)JsonNode.Parse(await _http.GetStringAsync(new Uri((string)begun["verification_uri_complete"]!)))!["client"]);

        _issuer.Devices.Approve(user, "alice", "readers");
        var accepted = Assert.IsType<TokenVerdict.Accepted>(Verify(await PollAsync(device)));
        Assert.Equal("alice", accepted.Token.Subject);
        Assert.Equal("invalid_grant", await PollAsync(device));
    }

    [Fact]
    public async Task A_device_is_told_when_it_is_denied_or_too_late()
    {
        (_, JsonNode denied) = await AskAsync("device_authorization_endpoint", null, [("client_id", "terminal")]);
        (_, JsonNode late) = await AskAsync("device_authorization_endpoint", null, [("client_id", "terminal")]);
        _issuer.Devices.Deny((string)denied["user_code"]!);
        Assert.Equal("access_denied", await PollAsync((string)denied["device_code"]!));
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("expired_token", await PollAsync((string)late["device_code"]!));
        Assert.Throws<InvalidOperationException>(() => _issuer.Devices.Approve("nothing", "alice"));
    }

    [Fact]
    public async Task A_revoked_token_is_no_longer_active()
    {
        string token = _issuer.OpaqueToken("alice", "readers");
        (HttpStatusCode stranger, _) = await AskAsync("revocation_endpoint", null, [("token", token)]);
        (HttpStatusCode status, _) = await AskAsync("revocation_endpoint", "batch:its%3A%20secret", [("token", token)]);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (stranger, status));
        Assert.Equal("batch", _issuer.Tokens.Revoked[token]);
        string secret = $"{Uri.EscapeDataString(_issuer.Opaque.ClientId)}:{Uri.EscapeDataString(_issuer.Opaque.ClientSecret)}";
        (_, JsonNode answer) = await AskAsync("introspection_endpoint", secret, [("token", token)]);
        Assert.False((bool)answer["active"]!);
    }

    [Fact]
    public async Task It_can_be_broken()
    {
        _issuer.Fault = IssuerFault.Broken;
        using HttpResponseMessage answer = await _http.GetAsync(new Uri(_issuer.JwksAddress));
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    [Fact]
    public async Task Security_events_are_pushed_as_RFC_8935_has_it()
    {
        int port = LoopbackPorts.Take();
        using var receiver = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/events/" } };
        receiver.Start();
        using var transmitter = new SharedSignalsTransmitter(_issuer, "the proxy", new Uri($"http://127.0.0.1:{port}/events/"), "Bearer of events");

        Task<PushResult> revoked = transmitter.SessionRevokedAsync("alice", "s1");
        (JsonNode header, JsonNode payload) = await ReceiveAsync(receiver, 202, "");
        Assert.Equal(new PushResult(202, null), await revoked);
        Assert.Equal(("secevent+jwt", _issuer.Key.KeyId), ((string?)header["typ"], (string?)header["kid"]));
        Assert.Equal((_issuer.Issuer, "the proxy"), ((string?)payload["iss"], (string?)payload["aud"]));
        Assert.True(payload["jti"] is not null && payload["iat"] is not null && payload["exp"] is null && payload["sub"] is null);
        Assert.Equal(("complex", "alice", "s1"), ((string?)payload["sub_id"]!["format"], (string?)payload["sub_id"]!["user"]!["sub"], (string?)payload["sub_id"]!["session"]!["id"]));
        Assert.NotNull(payload["events"]![SecurityEvent.SessionRevoked]!["event_timestamp"]);

        Task<PushResult> verified = transmitter.VerificationAsync("once");
        (_, payload) = await ReceiveAsync(receiver, 400, """{"err":"invalid_key","description":"not this one"}""");
        Assert.Equal(new PushResult(400, "invalid_key"), await verified);
        Assert.Equal("once", (string?)payload["events"]![SecurityEvent.Verification]!["state"]);
        foreach ((Func<Task<PushResult>> send, string type) in ((Func<Task<PushResult>>, string)[])
        [
            (() => transmitter.TokenClaimsChangeAsync("alice", new JsonObject { ["groups"] = new JsonArray("none") }), SecurityEvent.TokenClaimsChange),
            (() => transmitter.CredentialChangeAsync("alice"), SecurityEvent.CredentialChange),
        ])
        {
            Task<PushResult> sent = send();
            (_, payload) = await ReceiveAsync(receiver, 202, "");
            Assert.Equal(202, (await sent).Status);
            Assert.NotNull(payload["events"]![type]);
            Assert.Equal(("iss_sub", "alice"), ((string?)payload["sub_id"]!["format"], (string?)payload["sub_id"]!["sub"]));
        }
    }

    private static async Task<(JsonNode Header, JsonNode Payload)> ReceiveAsync(HttpListener receiver, int status, string answer)
    {
        HttpListenerContext context = await receiver.GetContextAsync().WaitAsync(Deadlines.Step);
        Assert.Equal(("POST", "Bearer of events"), (context.Request.HttpMethod, context.Request.Headers["Authorization"]));
        Assert.StartsWith("application/secevent+jwt", context.Request.ContentType, StringComparison.Ordinal);
        using var reader = new StreamReader(context.Request.InputStream);
        string[] parts = (await reader.ReadToEndAsync()).Split('.');
        context.Response.StatusCode = status;
        context.Response.Close(Encoding.UTF8.GetBytes(answer), willBlock: true);
        Assert.Equal(3, parts.Length);
        return (JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[0]))!, JsonNode.Parse(WebEncoders.Base64UrlDecode(parts[1]))!);
    }

    private async Task<string> PollAsync(string device)
    {
        (_, JsonNode answer) = await AskAsync("token_endpoint", null, [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", "terminal"), ("device_code", device)]);
        return (string?)answer["error"] ?? (string)answer["access_token"]!;
    }

    // Where discovery says that it is.
    private async Task<(HttpStatusCode Status, JsonNode Answer)> AskAsync(string endpoint, string? basic, (string, string)[] form)
    {
        JsonNode discovery = JsonNode.Parse(await _http.GetStringAsync(new Uri(_issuer.Issuer + "/.well-known/openid-configuration")))!;
        using var request = new HttpRequestMessage(HttpMethod.Post, (string)discovery[endpoint]!)
        {
            Content = new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
        };
        if (basic is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, body.Length == 0 ? new JsonObject() : JsonNode.Parse(body)!);
    }

    private TokenVerdict Verify(string token)
    {
        Assert.True(KeySet.TryRead(Encoding.UTF8.GetBytes(_issuer.Jwks()), out KeySet? keys, out _));
        Assert.True(TokenReader.TryRead(Encoding.UTF8.GetBytes(token), 16384, out UnverifiedToken? read, out _));
        var policy = new IssuerPolicy { Name = "realm", Issuer = _issuer.Issuer, Audiences = [_issuer.Audience], Algorithms = ["ES256"] };
        return TokenValidator.Validate(read, policy, keys, _time.GetUtcNow());
    }
}
