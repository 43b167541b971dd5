using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using PoolProxy.Identity.Claims;
using PoolProxy.Identity.Keys;
using PoolProxy.Identity.Tokens;
using PoolProxy.Sandbox.Issuers;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

/// <summary>An issuer without a network: its keys, its policy, good tokens of it, and the verdict on any token at one fixed moment.</summary>
internal static class Corp
{
    public const string Issuer = "https://login.example.com";

    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static readonly IssuerKey Rsa = IssuerKey.Create("RS256", "rsa");
    public static readonly IssuerKey Ec = IssuerKey.Create("ES256", "ec");
    public static readonly IssuerKey Ec384 = IssuerKey.Create("ES384", "ec384");

    /// <summary>A key of somebody else, for forgeries.</summary>
    public static readonly IssuerKey Stranger = IssuerKey.Create("RS256", "rsa");

    public static readonly IssuerPolicy Policy = new()
    {
        Name = "corp",
        Issuer = Issuer,
        Audiences = ["poolproxy"],
        Algorithms = ["RS256", "ES256"],
        MaxLifetime = TimeSpan.FromHours(24),
        MaxTokenBytes = 64 * 1024,
    };

    /// <summary>RSA that may do any RSA algorithm, P-256, P-384.</summary>
    public static readonly KeySet Keys = KeysOf(WithoutAlgorithm(Rsa.ToJwk()), Ec.ToJwk(), Ec384.ToJwk());

    public static TokenBuilder Token(IssuerKey? key = null) =>
        new(Issuer, "poolproxy", "alice", key ?? Rsa, TimeSpan.FromMinutes(10), new StandingTime());

    public static KeySet KeysOf(params JsonObject[] keys)
    {
        string document = new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();
        Assert.True(KeySet.TryRead(Encoding.UTF8.GetBytes(document), out KeySet? keySet, out string? fault), fault);
        return keySet;
    }

    public static JsonObject WithoutAlgorithm(JsonObject key)
    {
        key.Remove("alg");
        return key;
    }

    public static JsonObject JwkOf(RSA rsa, string keyId)
    {
        RSAParameters numbers = rsa.ExportParameters(false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["kid"] = keyId,
            ["n"] = WebEncoders.Base64UrlEncode(numbers.Modulus!),
            ["e"] = WebEncoders.Base64UrlEncode(numbers.Exponent!),
        };
    }

    public static TokenVerdict Judge(string token, IssuerPolicy? policy = null, KeySet? keys = null) =>
        Judge(Encoding.Latin1.GetBytes(token), policy, keys);

    public static TokenVerdict Judge(byte[] token, IssuerPolicy? policy = null, KeySet? keys = null)
    {
        policy ??= Policy;
        return TokenReader.TryRead(token, policy.MaxTokenBytes, out UnverifiedToken? read, out TokenRefusal refusal)
            ? TokenValidator.Validate(read, policy, keys ?? Keys, Now)
            : new TokenVerdict.Refused(refusal);
    }

    public static ClaimSet Claims(string json)
    {
        Assert.True(ClaimSet.TryRead(Encoding.UTF8.GetBytes(json), out ClaimSet? claims));
        return claims;
    }

    private sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
