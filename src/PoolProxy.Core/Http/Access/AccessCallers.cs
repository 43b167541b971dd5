using System.Text;
using PoolProxy.Core.Access;

namespace PoolProxy.Core.Http.Access;

/// <summary>Who asks, for the endpoints of access on demand.</summary>
internal static class AccessCallers
{
    /// <summary>RFC 6750 §3: without a token, or with one that proves nothing, of whatever kind.</summary>
    public static HttpReply Unauthorized { get; } = HttpReply.Text(401, "a token is needed\n") with { Headers = [("WWW-Authenticate", "Bearer error=\"invalid_token\"")] };

    public static AccessCaller Caller(this HttpQuestion question, ReadOnlyMemory<byte> token) => new(token, question.Address, question.AddressText);

    /// <summary>The caller by the token of the Authorization header; null without one.</summary>
    public static AccessCaller? BearerCaller(this HttpQuestion question) => question.Bearer is { Length: > 0 } token && Ascii.IsValid(token) ? question.Caller(Encoding.ASCII.GetBytes(token)) : null;
}
