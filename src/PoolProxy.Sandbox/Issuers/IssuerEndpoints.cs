using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>
/// What a test issuer answers over HTTP, with its faults: discovery in both well-known places (OpenID Connect Discovery §4, RFC 8414 §3), JWKS, introspection (RFC 7662),
/// tokens by client credentials (RFC 6749 §4.4) and the device flow (RFC 8628), and revocation (RFC 7009).
/// </summary>
internal sealed class IssuerEndpoints(TestIssuer issuer, string path, FaultSwitch faults)
{
    private const int OversizeBytes = 4 * 1024 * 1024;
    private const string BehindRedirect = "/redirected";

    private int _discoveryRequests;
    private int _jwksRequests;

    /// <summary>How often discovery was asked for.</summary>
    public int DiscoveryRequests => Volatile.Read(ref _discoveryRequests);

    /// <summary>How often the JWKS was asked for.</summary>
    public int JwksRequests => Volatile.Read(ref _jwksRequests);

    public async Task AnswerAsync(HttpContext context)
    {
        string asked = context.Request.Path.Value ?? "";
        bool isRedirected = asked.StartsWith(BehindRedirect, StringComparison.Ordinal);
        asked = isRedirected ? asked[BehindRedirect.Length..] : asked;
        IFormCollection form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(context.RequestAborted) : FormCollection.Empty;
        IssuerReply reply = Find(context, asked, form);
        if (reply.Status is StatusCodes.Status404NotFound or StatusCodes.Status401Unauthorized)
        {
            await WriteAsync(context, reply, "");
            return;
        }
        IssuerFault fault = await faults.EnterAsync(context.RequestAborted);
        switch (fault)
        {
            case IssuerFault.Down:
                context.Abort();
                return;
            case IssuerFault.Unavailable:
                await WriteAsync(context, new IssuerReply(StatusCodes.Status503ServiceUnavailable), "");
                return;
            case IssuerFault.Broken:
                await WriteAsync(context, IssuerReply.Error("server_error", StatusCodes.Status500InternalServerError), "");
                return;
            case IssuerFault.Redirect when !isRedirected:
                context.Response.StatusCode = StatusCodes.Status302Found;
                context.Response.Headers.Location = issuer.BaseAddress + BehindRedirect + asked;
                return;
            case IssuerFault.NotJson:
                await WriteAsync(context, IssuerReply.Of(() => "<html>not what you asked for</html>"), "");
                return;
            case IssuerFault.Oversized:
                await WriteAsync(context, reply, new string(' ', OversizeBytes));
                return;
            default:
                await WriteAsync(context, reply, "");
                return;
        }
    }

    private IssuerReply Find(HttpContext context, string asked, IFormCollection form)
    {
        if (asked == path + "/.well-known/openid-configuration" || asked == "/.well-known/oauth-authorization-server" + path)
        {
            Interlocked.Increment(ref _discoveryRequests);
            return IssuerReply.Of(issuer.Discovery);
        }
        if (!asked.StartsWith(path, StringComparison.Ordinal))
        {
            return new IssuerReply(StatusCodes.Status404NotFound);
        }
        string? authorization = context.Request.Headers.Authorization;
        switch (asked[path.Length..])
        {
            case "/jwks":
                Interlocked.Increment(ref _jwksRequests);
                return IssuerReply.Of(issuer.Jwks);
            case "/introspect":
                return issuer.Opaque.Knows(authorization, form, issuer.Issuer) ? IssuerReply.Of(() => issuer.Opaque.Answer(form["token"].ToString())) : new IssuerReply(StatusCodes.Status401Unauthorized);
            case "/token":
                return issuer.Tokens.Answer(authorization, form);
            case "/device_authorization":
                return issuer.Tokens.BeginDevice(form);
            case "/device":
                return issuer.Devices.Page(context.Request.Query["user_code"].ToString());
            case "/revoke":
                return issuer.Tokens.Revoke(authorization, form);
            default:
                return new IssuerReply(StatusCodes.Status404NotFound);
        }
    }

    private static Task WriteAsync(HttpContext context, IssuerReply reply, string ahead)
    {
        context.Response.StatusCode = reply.Status;
        if (reply.Body is not { } body)
        {
            return Task.CompletedTask;
        }
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        return context.Response.WriteAsync(ahead + body(), context.RequestAborted);
    }
}
