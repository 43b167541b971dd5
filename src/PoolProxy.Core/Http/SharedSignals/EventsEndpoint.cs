using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Authentication.Revocation;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Telemetry;
using PoolProxy.Identity.Revocation;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Http.SharedSignals;

/// <summary>
/// <c>POST /events</c>: security event tokens pushed by issuers' transmitters (RFC 8935, SSF 1.0):
/// 1. the transmitter's bearer token says which issuer speaks; 2. the event is judged by that issuer's keys; 3. what follows from it is revoked, on every loop,
/// and written down; 4. only then 202. An event that comes twice is answered alike and carried out once. What the transmitter should try again gets 5xx.
/// </summary>
internal sealed class EventsEndpoint(
    Func<IReadOnlyList<EventTransmitter>> transmitters, Func<TokenAuthenticator?> tokens, Revocations revocations, TimeProvider time, ILogger log) : IHttpEndpoint
{
    private const int MaxTokenBytes = 64 * 1024;

    private static readonly HttpReply Taken = new(202);

    private readonly SeenEvents _seen = new();

    public string Method => "POST";

    public string Path => "/events";

    public async ValueTask<HttpReply> AnswerAsync(HttpQuestion question, CancellationToken cancellation)
    {
        var bearer = question.Bearer;
        if (bearer is null || transmitters().FirstOrDefault(known => known.Is(bearer)) is not { } transmitter
            || tokens()?.Issuers.FirstOrDefault(known => known.Policy.Name == transmitter.Issuer) is not { } issuer)
        {
            log.SecurityEventRefused(question.Address.ToString(), "", "authentication_failed", "no transmitter has this bearer token");
            return Error(401, "authentication_failed", "the transmitter is not known") with { Headers = [("WWW-Authenticate", "Bearer"), ("Content-Language", "en")] };
        }

        if (!question.IsOfType("application/secevent+jwt"))
        {
            return Refuse(question, issuer, SecurityEventFault.InvalidRequest, "the body has to be application/secevent+jwt");
        }

        if (!TokenReader.TryRead(question.Body, MaxTokenBytes, out var token, out var refusal))
        {
            return Refuse(question, issuer, SecurityEventFault.InvalidRequest, $"it is no security event token: {refusal}");
        }

        if (await issuer.Keys.GetAsync() is not { } keys)
        {
            return Error(503, "invalid_key", "the issuer's keys cannot be had at the moment");
        }

        var now = time.GetUtcNow();
        var verdict = SecurityEventValidator.Validate(token, issuer.Policy, transmitter.Audience, keys, now);
        if (verdict is SecurityEventVerdict.KeyUnknown unknown && await issuer.Keys.GetForUnknownKeyAsync(unknown.KeyId, keys) is { } newer && !ReferenceEquals(newer, keys))
        {
            verdict = SecurityEventValidator.Validate(token, issuer.Policy, transmitter.Audience, newer, now);
        }

        return verdict switch
        {
            SecurityEventVerdict.Accepted accepted => await CarryOutAsync(accepted.Token, issuer.Policy, now),
            SecurityEventVerdict.Refused refused => Refuse(question, issuer, refused.Fault, refused.Description),
            _ => Refuse(question, issuer, SecurityEventFault.InvalidKey, "the issuer has no such key"),
        };
    }

    private async Task<HttpReply> CarryOutAsync(SecurityEventToken token, IssuerPolicy policy, DateTimeOffset now)
    {
        if (_seen.Contains(policy.Name, token.TokenId))
        {
            return Taken;
        }

        foreach (var said in token.Events)
        {
            var orders = said.Keys.Select(key => OrderOf(key, said, policy, now)).ToArray();
            int? ended = 0;
            if (orders.Length > 0 && (ended = await revocations.RevokeAsync(orders)) is null)
            {
                return Error(503, "invalid_request", "no more revocations can be kept");
            }

            log.SecurityEventTaken(policy.Name, said.State is { } state ? $"{said.Kind} with state {state}" : said.Kind.ToString(), token.TokenId, orders.Length, ended.Value);
        }

        if (token.Events.Any(said => said.Keys.Count > 0) && await revocations.SaveAsync() is not null)
        {
            // It holds already; sent again it holds as before.
            return Error(500, "invalid_request", "it could not be written down");
        }

        _seen.Add(policy.Name, token.TokenId);
        return Taken;
    }

    private RevocationEntry OrderOf(RevocationKey key, SecurityEvent said, IssuerPolicy policy, DateTimeOffset now) => new(key)
    {
        // iat counts whole seconds: what was issued in the same one may be from before.
        Before = key.Kind == RevocationKind.Before ? DateTimeOffset.FromUnixTimeSeconds(said.At.ToUnixTimeSeconds() + 1) : default,
        Until = revocations.UntilByDefault(now),
        Source = $"events of {policy.Name}",
        Reason = said.Kind.ToString(),
    };

    private HttpReply Refuse(HttpQuestion question, PlannedIssuer issuer, SecurityEventFault fault, string description)
    {
        var code = fault switch
        {
            SecurityEventFault.InvalidKey => "invalid_key",
            SecurityEventFault.InvalidIssuer => "invalid_issuer",
            SecurityEventFault.InvalidAudience => "invalid_audience",
            SecurityEventFault.AccessDenied => "access_denied",
            _ => "invalid_request",
        };
        log.SecurityEventRefused(question.Address.ToString(), issuer.Policy.Name, code, description);
        return Error(400, code, description);
    }

    // RFC 8935 §2.3
    private static HttpReply Error(int status, string code, string description) =>
        HttpReply.Json(status, new JsonObject { ["err"] = code, ["description"] = description }) with { Headers = [("Content-Language", "en")] };
}
