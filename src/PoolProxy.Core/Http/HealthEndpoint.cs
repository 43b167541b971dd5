namespace PoolProxy.Core.Http;

/// <summary><c>GET /health</c>: 200 while the proxy takes clients, 503 once it goes down. For load balancers; says nothing else to anybody.</summary>
internal sealed class HealthEndpoint(Func<bool> isGoingDown) : IHttpEndpoint
{
    public string Method => "GET";

    public string Path => "/health";

    public ValueTask<HttpReply> AnswerAsync(HttpQuestion question, CancellationToken cancellation) =>
        ValueTask.FromResult(isGoingDown() ? HttpReply.Text(503, "going down\n") : HttpReply.Text(200, "ok\n"));
}
