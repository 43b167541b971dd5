using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>
/// Pushes security event tokens (RFC 8417) of a test issuer to a receiver (RFC 8935), as OpenID's Shared Signals Framework and CAEP have them. Each can be built without being sent, to be
/// spoilt first. Thread-safe.
/// </summary>
/// <param name="issuer">Who signs.</param>
/// <param name="audience">The receiver's name, the value of <c>aud</c>.</param>
/// <param name="receiver">Where it listens.</param>
/// <param name="authorization">The value of Authorization that the receiver expects, or null.</param>
/// <param name="http">A client that trusts the receiver; one without TLS by default.</param>
public sealed class SharedSignalsTransmitter(TestIssuer issuer, string audience, Uri receiver, string? authorization = null, HttpClient? http = null) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = http ?? new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };

    /// <summary>Everything of this subject that the issuer vouched for is over; with <paramref name="sessionId"/>, that session.</summary>
    public Task<PushResult> SessionRevokedAsync(string subject, string? sessionId = null) =>
        SendAsync(Build(SecurityEvent.SessionRevoked, SubjectOf(subject, sessionId), new JsonObject { ["reason_admin"] = new JsonObject { ["en"] = "ended by a test" } }).Build());

    /// <summary>Claims in this subject's tokens are no longer what they say.</summary>
    public Task<PushResult> TokenClaimsChangeAsync(string subject, JsonObject claims) =>
        SendAsync(Build(SecurityEvent.TokenClaimsChange, SubjectOf(subject), new JsonObject { ["claims"] = claims.DeepClone() }).Build());

    /// <summary>A credential of this subject was changed.</summary>
    /// <param name="subject">Whose.</param>
    /// <param name="change">create, revoke, update or delete.</param>
    /// <param name="credential">What it is: password, x509, fido2-platform …</param>
    public Task<PushResult> CredentialChangeAsync(string subject, string change = "revoke", string credential = "password") =>
        SendAsync(Build(SecurityEvent.CredentialChange, SubjectOf(subject), new JsonObject { ["change_type"] = change, ["credential_type"] = credential }).Build());

    /// <summary>Asks whether the receiver hears; it has to answer as to any event.</summary>
    public Task<PushResult> VerificationAsync(string state, string streamId = "stream") =>
        SendAsync(Build(SecurityEvent.Verification, new JsonObject { ["format"] = "opaque", ["id"] = streamId }, new JsonObject { ["state"] = state }).Build());

    /// <summary>RFC 9493 §3.2.4; with a session id the complex form of SSF §3.2.</summary>
    public JsonObject SubjectOf(string subject, string? sessionId = null)
    {
        var person = new JsonObject { ["format"] = "iss_sub", ["iss"] = issuer.Issuer, ["sub"] = subject };
        return sessionId is null ? person : new JsonObject { ["format"] = "complex", ["user"] = person, ["session"] = new JsonObject { ["format"] = "opaque", ["id"] = sessionId } };
    }

    /// <summary>A good event, ready to be built or spoilt. It has no <c>exp</c> and no <c>sub</c> (RFC 8417 §2.2, SSF §4.1.2).</summary>
    public TokenBuilder Build(string type, JsonObject subject, JsonObject details)
    {
        details["event_timestamp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return issuer.Token("").Header("typ", "secevent+jwt").Without("sub").Without("exp").Claim("aud", audience)
            .Claim("sub_id", subject).Claim("events", new JsonObject { [type] = details });
    }

    /// <summary>Pushes a text, whatever it is.</summary>
    public async Task<PushResult> SendAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, receiver)
        {
            Content = new StringContent(token, Encoding.UTF8, new MediaTypeHeaderValue("application/secevent+jwt")),
        };
        request.Headers.Accept.ParseAdd("application/json");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using HttpResponseMessage response = await _http.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        return new PushResult((int)response.StatusCode, ErrorOf(body));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string? ErrorOf(string body)
    {
        try
        {
            return body.Length == 0 ? null : (string?)JsonNode.Parse(body)?["err"];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
