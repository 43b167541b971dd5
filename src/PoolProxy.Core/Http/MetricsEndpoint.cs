using PoolProxy.Core.Telemetry;

namespace PoolProxy.Core.Http;

/// <summary><c>GET /metrics</c>: the meter <c>poolproxy</c> in Prometheus' text format, version 0.0.4. Says names of databases and logins, so it is asked for in the file.</summary>
internal sealed class MetricsEndpoint(ProxyMeters meters) : IHttpEndpoint
{
    public string Method => "GET";

    public string Path => "/metrics";

    public ValueTask<HttpReply> AnswerAsync(HttpQuestion question, CancellationToken cancellation) =>
        ValueTask.FromResult(HttpReply.Text(200, PrometheusText.Write(meters)) with { ContentType = "text/plain; version=0.0.4; charset=utf-8" });
}
