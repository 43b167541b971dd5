using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>
/// The opaque tokens of a test issuer, and what it says of them to a client that proves itself (RFC 7662): by a secret, or by a key (RFC 7523). Thread-safe.
/// </summary>
public sealed class OpaqueTokenDesk
{
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, JsonObject> _tokens = [];
    private int _requests;
    private int _strangers;

    internal OpaqueTokenDesk(TimeProvider time) => _time = time;

    /// <summary>The client that may ask.</summary>
    public string ClientId { get; set; } = "poolproxy";

    /// <summary>Its secret, good for a header and not for a log.</summary>
    public string ClientSecret { get; } = "secret: " + RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>The public key, PEM, that it may prove itself with instead; null for none.</summary>
    public string? ClientPublicPem { get; set; }

    /// <summary>A body to answer with, whatever the token; null for the truth.</summary>
    public string? Instead { get; set; }

    /// <summary>Questions of a client that proved itself.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Questions of clients that did not.</summary>
    public int Strangers => Volatile.Read(ref _strangers);

    /// <summary>Changes what is said of a token.</summary>
    public void Change(string token, Action<JsonObject> change)
    {
        lock (_gate)
        {
            change(_tokens[token]);
        }
    }

    /// <summary>Makes a token inactive.</summary>
    public void Revoke(string token)
    {
        lock (_gate)
        {
            _tokens.Remove(token);
        }
    }

    internal string Issue(string issuer, string audience, string subject, string[] groups, TimeSpan life)
    {
        string token = RandomNumberGenerator.GetHexString(40, lowercase: true);
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        lock (_gate)
        {
            _tokens[token] = new JsonObject
            {
                ["active"] = true,
                ["iss"] = issuer,
                ["sub"] = subject,
                ["aud"] = audience,
                ["token_type"] = "Bearer",
                ["groups"] = new JsonArray([.. groups.Select(group => (JsonNode)group)]),
                ["iat"] = now,
                ["exp"] = now + (long)life.TotalSeconds,
            };
        }

        return token;
    }

    // RFC 7662 §2.2: nothing but "not active" is said of a token that is not.
    internal string Answer(string token)
    {
        Interlocked.Increment(ref _requests);
        if (Instead is { } instead)
        {
            return instead;
        }

        lock (_gate)
        {
            return _tokens.TryGetValue(token, out JsonObject? answer) ? answer.ToJsonString() : """{"active":false}""";
        }
    }

    internal bool Knows(string? authorization, IFormCollection form, string issuer)
    {
        string expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(ClientId)}:{Uri.EscapeDataString(ClientSecret)}"));
        bool isKnown = authorization == expected || (ClientPublicPem is { } pem && IsProof(form, pem, issuer));
        if (!isKnown)
        {
            Interlocked.Increment(ref _strangers);
        }

        return isKnown;
    }

    private bool IsProof(IFormCollection form, string pem, string issuer)
    {
        string[] parts = form["client_assertion"].ToString().Split('.');
        if (parts.Length != 3 || form["client_assertion_type"] != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
        {
            return false;
        }

        byte[] input = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        byte[] signature = WebEncoders.Base64UrlDecode(parts[2]);
        JsonElement claims = JsonDocument.Parse(WebEncoders.Base64UrlDecode(parts[1])).RootElement;
        return IsSigned(pem, JsonDocument.Parse(WebEncoders.Base64UrlDecode(parts[0])).RootElement.GetProperty("alg").GetString(), input, signature)
            && claims.GetProperty("iss").GetString() == ClientId && claims.GetProperty("sub").GetString() == ClientId
            && claims.GetProperty("aud").GetString() == issuer && claims.GetProperty("exp").GetInt64() > _time.GetUtcNow().ToUnixTimeSeconds();
    }

    private static bool IsSigned(string pem, string? algorithm, byte[] input, byte[] signature)
    {
        if (algorithm == "RS256")
        {
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.VerifyData(input, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        using var curve = ECDsa.Create();
        curve.ImportFromPem(pem);
        return curve.VerifyData(input, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
