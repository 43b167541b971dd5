using System.Text;
using System.Text.Json.Nodes;

namespace PoolProxy.Core.Http;

/// <summary>What is answered to a request. Never cached by anybody (<c>Cache-Control: no-store</c> is always sent).</summary>
/// <param name="Status">The status code.</param>
internal sealed record HttpReply(int Status)
{
    /// <summary>The body's media type; null without a body.</summary>
    public string? ContentType { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Further headers.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public static HttpReply Json(int status, JsonNode body) => new(status) { ContentType = "application/json", Body = Encoding.UTF8.GetBytes(body.ToJsonString()) };

    public static HttpReply Text(int status, string text) => new(status) { ContentType = "text/plain; charset=utf-8", Body = Encoding.UTF8.GetBytes(text) };
}
