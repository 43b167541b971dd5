using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>What an endpoint has to say.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">JSON, made when it is sent; null for an empty body.</param>
internal readonly record struct IssuerReply(int Status, Func<string>? Body = null)
{
    /// <summary>200 with this document.</summary>
    public static IssuerReply Of(Func<string> body) => new(StatusCodes.Status200OK, body);

    /// <summary>200 with these members.</summary>
    public static IssuerReply Of(JsonObject body) => Of(() => body.ToJsonString());

    /// <summary>An error of RFC 6749 §5.2.</summary>
    public static IssuerReply Error(string code, int status = StatusCodes.Status400BadRequest) => new(status, () => new JsonObject { ["error"] = code }.ToJsonString());
}
