using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace PoolProxy.Core.Authentication.Introspection;

/// <summary>
/// How the proxy proves to an issuer who it is: a secret (client_secret_basic, RFC 6749 §2.3.1), or a private key (private_key_jwt, RFC 7523 §2.2).
/// Prints nothing of either. Any thread.
/// </summary>
internal sealed class ClientProof
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private static readonly TimeSpan AssertionLife = TimeSpan.FromSeconds(60);

    private readonly string _clientId;
    private readonly string _audience;
    private readonly string? _secret;
    private readonly string _keyId;
    private readonly AsymmetricAlgorithm? _key;

    private ClientProof(string clientId, string audience, string? secret, AsymmetricAlgorithm? key, string keyId)
    {
        _clientId = clientId;
        _audience = audience;
        _secret = secret;
        _key = key;
        _keyId = keyId;
    }

    /// <summary>By a secret.</summary>
    public static ClientProof BySecret(string clientId, string secret) => new(clientId, "", secret, null, "");

    /// <summary>By a private key in PEM: RSA signs RS256, an elliptic curve of 256 bits ES256.</summary>
    /// <param name="clientId">The proxy's name at the issuer.</param>
    /// <param name="audience">The issuer's own name: the assertion is for nobody else.</param>
    /// <param name="pem">The key.</param>
    /// <param name="keyId">Its <c>kid</c>; empty for none.</param>
    /// <exception cref="CryptographicException">It is no such key.</exception>
    public static ClientProof ByKey(string clientId, string audience, string pem, string keyId)
    {
        AsymmetricAlgorithm key = TryImport(RSA.Create(), pem) ?? TryImport(ECDsa.Create(), pem) ?? throw new CryptographicException("it holds no private key in PEM that could be read");
        if (key is ECDsa { KeySize: not 256 } or RSA { KeySize: < 2048 })
        {
            throw new CryptographicException("it must be RSA of 2048 bits or more, or an elliptic curve of 256");
        }

        return new ClientProof(clientId, audience, null, key, keyId);
    }

    /// <summary>Puts the proof on a request, and what of it belongs into the form.</summary>
    public void Apply(HttpRequestMessage request, List<KeyValuePair<string, string>> form, DateTimeOffset now)
    {
        if (_secret is not null)
        {
            string pair = $"{Uri.EscapeDataString(_clientId)}:{Uri.EscapeDataString(_secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
            return;
        }

        form.Add(new("client_id", _clientId));
        form.Add(new("client_assertion_type", AssertionType));
        form.Add(new("client_assertion", MakeAssertion(now)));
    }

    /// <inheritdoc/>
    public override string ToString() => "(hidden)";

    private string MakeAssertion(DateTimeOffset now)
    {
        var header = new Dictionary<string, object> { ["alg"] = _key is RSA ? "RS256" : "ES256", ["typ"] = "JWT" };
        if (_keyId.Length > 0)
        {
            header["kid"] = _keyId;
        }

        var claims = new Dictionary<string, object>
        {
            ["iss"] = _clientId,
            ["sub"] = _clientId,
            ["aud"] = _audience,
            ["jti"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + AssertionLife).ToUnixTimeSeconds(),
        };
        string input = $"{Encode(header)}.{Encode(claims)}";
        byte[] bytes = Encoding.ASCII.GetBytes(input);
        byte[] signature = _key switch
        {
            RSA rsa => rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            ECDsa curve => curve.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => throw new InvalidOperationException("a proof has a secret or a key"),
        };
        return $"{input}.{WebEncoders.Base64UrlEncode(signature)}";
    }

    private static string Encode(Dictionary<string, object> values) => WebEncoders.Base64UrlEncode(JsonSerializer.SerializeToUtf8Bytes(values));

    private static AsymmetricAlgorithm? TryImport(AsymmetricAlgorithm key, string pem)
    {
        try
        {
            key.ImportFromPem(pem);
            // A public key is read gladly and could sign nothing.
            _ = key.ExportPkcs8PrivateKey();
            return key;
        }
        catch (Exception exception) when (exception is ArgumentException or CryptographicException)
        {
            // Not a key of this kind: the caller tries the other, or says so.
            key.Dispose();
            return null;
        }
    }
}
