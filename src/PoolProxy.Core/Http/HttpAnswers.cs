using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Keys;
using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Http;

/// <summary>Between Kestrel and the endpoints: a request is read whole, within its bounds, before anybody looks at it, and its answer written whole.</summary>
internal sealed class HttpAnswers(HttpRoutes routes, HttpSettings settings, ILogger log)
{
    public async Task AnswerAsync(HttpContext context)
    {
        var caller = new IPEndPoint(Plain(context.Connection.RemoteIpAddress!), context.Connection.RemotePort);
        var address = caller.ToString();
        var route = "(none)";
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        deadline.CancelAfter(settings.RequestTimeout);
        HttpReply reply;
        try
        {
            if (routes.TryFind(context.Request.Method, context.Request.Path.Value ?? "", out var endpoint, out var rest, out var methods))
            {
                route = $"{endpoint!.Method} {endpoint.Path}";
                reply = await AskAsync(endpoint, rest, context, caller, deadline.Token);
            }
            else
            {
                reply = methods.Count == 0 ? HttpReply.Text(404, "nothing is here\n") : HttpReply.Text(405, "not by this method\n") with { Headers = [("Allow", string.Join(", ", methods))] };
            }
        }
        catch (BadHttpRequestException malformed)
        {
            reply = HttpReply.Text(malformed.StatusCode, "the request cannot be read\n");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            reply = HttpReply.Text(503, "it took too long\n");
        }
        catch (IOException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone: nobody is there to be told.
            context.Abort();
            return;
        }
        catch (Exception fault)
        {
            // The outermost step of a request: the others must not suffer for it.
            log.HttpFailed(fault, address, route);
            reply = HttpReply.Text(500, "a fault in the proxy\n");
        }

        log.HttpAnswered(address, route, reply.Status);
        await WriteAsync(context, reply);
    }

    private async ValueTask<HttpReply> AskAsync(IHttpEndpoint endpoint, string rest, HttpContext context, IPEndPoint caller, CancellationToken cancellation)
    {
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };
        var body = hasBody ? await BoundedBody.ReadAsync(context.Request.Body, settings.MaxBodyBytes, cancellation) : ReadOnlyMemory<byte>.Empty;
        if (body is not { } whole)
        {
            return HttpReply.Text(413, "the body is too long\n");
        }

        var headers = context.Request.Headers;
        var question = new HttpQuestion(endpoint.Method, context.Request.Path.Value!, caller, whole, name => headers[name] is [{ } only] ? only : null) { Rest = rest };
        return await endpoint.AnswerAsync(question, cancellation);
    }

    // A listener for both families gives IPv4 callers in the form of IPv6.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static async Task WriteAsync(HttpContext context, HttpReply reply)
    {
        var response = context.Response;
        response.StatusCode = reply.Status;
        response.Headers.CacheControl = "no-store";
        if (reply.ContentType is not null)
        {
            response.ContentType = reply.ContentType;
            response.ContentLength = reply.Body.Length;
        }

        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        if (reply.Body.IsEmpty)
        {
            return;
        }

        try
        {
            // Not by the deadline, which may be over: Kestrel sees to it that whoever reads does so at some speed.
            await response.Body.WriteAsync(reply.Body, context.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The caller has left.
            context.Abort();
        }
    }
}
