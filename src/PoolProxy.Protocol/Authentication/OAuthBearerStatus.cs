using System.Buffers;
using System.Text.Json;

namespace PoolProxy.Protocol.Authentication;

/// <summary>
/// The server's answer to a client that has no token, or none that is good (RFC 7628 §3.2.2): the same for both, as in PostgreSQL 18. The
/// client answers with one separator, and only then is the login refused.
/// </summary>
public static class OAuthBearerStatus
{
    /// <summary>The answer's JSON.</summary>
    /// <param name="configuration">The address of the issuer's metadata; null where it has none, and then the client has to know.</param>
    /// <param name="scope">What the client is to ask for; empty for nothing in particular.</param>
    public static byte[] InvalidToken(Uri? configuration, string scope)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "invalid_token"u8);
            if (configuration is not null) json.WriteString("openid-configuration"u8, configuration.AbsoluteUri);
            if (scope.Length > 0) json.WriteString("scope"u8, scope);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
