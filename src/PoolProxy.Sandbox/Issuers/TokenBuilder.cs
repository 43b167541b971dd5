using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>
/// Mints one token: starts as a good one, and each call changes one thing, up to what no honest issuer would sign. It touches no network.
/// A builder may be built more than once; every token gets a new <c>jti</c> unless one was set.
/// </summary>
public sealed class TokenBuilder
{
    private readonly JsonObject _header;
    private readonly JsonObject _payload;
    private readonly TimeProvider _time;
    private IssuerKey _key;
    private string? _algorithm;
    private byte[]? _rawHeader;
    private byte[]? _rawPayload;
    private Func<string, byte[]>? _sign;

    internal TokenBuilder(string issuer, string audience, string subject, IssuerKey key, TimeSpan life, TimeProvider time)
    {
        _key = key;
        _time = time;
        _header = new JsonObject { ["typ"] = "at+jwt" };
        _payload = new JsonObject { ["iss"] = issuer, ["sub"] = subject, ["aud"] = audience };
        Life(life);
    }

    /// <summary>Sets a claim to a JSON value (text, number, <see cref="JsonNode"/> …); null makes it JSON's null.</summary>
    public TokenBuilder Claim(string name, JsonNode? value)
    {
        _payload[name] = value;
        return this;
    }

    /// <summary>Sets a claim to one text. Without this form a single text would be taken as an array of one.</summary>
    public TokenBuilder Claim(string name, string value)
    {
        _payload[name] = value;
        return this;
    }

    /// <summary>Sets a claim to an array of texts.</summary>
    public TokenBuilder Claim(string name, params string[] values)
    {
        _payload[name] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
        return this;
    }

    /// <summary>Leaves a claim out.</summary>
    public TokenBuilder Without(string claim)
    {
        _payload.Remove(claim);
        return this;
    }

    /// <summary>Sets <c>groups</c>.</summary>
    public TokenBuilder Groups(params string[] groups) => Claim("groups", groups);

    /// <summary>Sets <c>iat</c> to now and <c>exp</c> to that later; a negative life makes it expired that long ago, issued a minute before.</summary>
    public TokenBuilder Life(TimeSpan life)
    {
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        long end = now + (long)life.TotalSeconds;
        return Claim("iat", Math.Min(now, end - 60)).Claim("exp", end);
    }

    /// <summary>Sets a header parameter; null removes it.</summary>
    public TokenBuilder Header(string name, JsonNode? value)
    {
        if (value is null)
        {
            _header.Remove(name);
            return this;
        }
        _header[name] = value;
        return this;
    }

    /// <summary>Signs with another key and names it in <c>kid</c>.</summary>
    public TokenBuilder SignedBy(IssuerKey key)
    {
        _key = key;
        return this;
    }

    /// <summary>Signs with a stranger's key while <c>kid</c> still names the issuer's: a forgery.</summary>
    public TokenBuilder ForgedBy(IssuerKey stranger)
    {
        Header("kid", _key.KeyId);
        return SignedBy(stranger);
    }

    /// <summary>Signs with another algorithm that fits the key, and names it in <c>alg</c>.</summary>
    public TokenBuilder Algorithm(string algorithm)
    {
        _algorithm = algorithm;
        return this;
    }

    /// <summary><c>alg: none</c> and an empty signature, RFC 8725 §2.1.</summary>
    public TokenBuilder Unsigned() => Algorithm("none").SignedWith(_ => []);

    /// <summary>HS256 with this secret: an issuer's public PEM makes it the algorithm confusion, RFC 8725 §2.1.</summary>
    public TokenBuilder SignedByHmac(byte[] secret) => Algorithm("HS256").SignedWith(input => HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input)));

    /// <summary>Replaces the signature by what the function makes of <c>header.payload</c>.</summary>
    public TokenBuilder SignedWith(Func<string, byte[]> sign)
    {
        _sign = sign;
        return this;
    }

    /// <summary>Replaces the whole header by this text, JSON or not; the signature covers it.</summary>
    public TokenBuilder RawHeader(string text) => RawHeader(Encoding.UTF8.GetBytes(text));

    /// <summary>Replaces the whole header by these bytes; the signature covers them.</summary>
    public TokenBuilder RawHeader(byte[] bytes)
    {
        _rawHeader = bytes;
        return this;
    }

    /// <summary>Replaces the whole payload by this text, JSON or not; the signature covers it.</summary>
    public TokenBuilder RawPayload(string text) => RawPayload(Encoding.UTF8.GetBytes(text));

    /// <summary>Replaces the whole payload by these bytes; the signature covers them.</summary>
    public TokenBuilder RawPayload(byte[] bytes)
    {
        _rawPayload = bytes;
        return this;
    }

    /// <summary>The token in its compact form, RFC 7515 §3.1.</summary>
    public string Build()
    {
        string algorithm = _algorithm ?? _key.Algorithm;
        var header = new JsonObject { ["alg"] = algorithm, ["kid"] = _key.KeyId };
        foreach ((string name, JsonNode? value) in _header)
        {
            header[name] = value?.DeepClone();
        }
        JsonObject payload = _payload.DeepClone().AsObject();
        payload.TryAdd("jti", RandomNumberGenerator.GetHexString(16, lowercase: true));
        string input = WebEncoders.Base64UrlEncode(_rawHeader ?? Encoding.UTF8.GetBytes(header.ToJsonString()))
            + "." + WebEncoders.Base64UrlEncode(_rawPayload ?? Encoding.UTF8.GetBytes(payload.ToJsonString()));
        byte[] signature = _sign is { } sign ? sign(input) : _key.Sign(input, algorithm);
        return input + "." + WebEncoders.Base64UrlEncode(signature);
    }
}
