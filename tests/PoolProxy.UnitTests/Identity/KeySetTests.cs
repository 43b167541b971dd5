using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using PoolProxy.Identity.Keys;
using PoolProxy.Sandbox.Issuers;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class KeySetTests
{
    private static readonly SignatureAlgorithm RS256 = SignatureAlgorithm.Find("RS256")!;

    [Fact]
    public void A_symmetric_key_is_left_out() =>
        AssertIgnored(new JsonObject { ["kty"] = "oct", ["kid"] = "k", ["k"] = "c2VjcmV0", ["alg"] = "HS256" });

    [Fact]
    public void An_RSA_key_of_1024_bits_is_left_out()
    {
        using RSA small = RSA.Create(1024);
        AssertIgnored(Corp.JwkOf(small, "k"));
    }

    [Fact]
    public void An_RSA_key_padded_with_zeros_to_2048_bits_is_left_out()
    {
        using RSA small = RSA.Create(1024);
        JsonObject key = Corp.JwkOf(small, "k");
        key["n"] = Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(
            [.. new byte[128], .. small.ExportParameters(false).Modulus!]);
        AssertIgnored(key);
    }

    [Theory]
    [InlineData("AQ")]
    [InlineData("Ag")]
    [InlineData("")]
    [InlineData("AQAAAAE")]
    public void An_RSA_key_with_a_senseless_exponent_is_left_out(string exponent) => AssertIgnored(Changed(Corp.Rsa, "e", exponent));

    [Theory]
    [InlineData("use", "enc")]
    [InlineData("kty", "OKP")]
    [InlineData("kty", "rsa")]
    [InlineData("alg", "RSA-OAEP")]
    [InlineData("alg", "none")]
    [InlineData("alg", "HS256")]
    [InlineData("d", "AQAB")]
    [InlineData("n", "AQAB")]
    [InlineData("n", "not base64!")]
    [InlineData("kid", "")]
    public void An_RSA_key_with_this_member_is_left_out(string name, string value) => AssertIgnored(Changed(Corp.Rsa, name, value));

    [Theory]
    [InlineData("crv", "P-384")]
    [InlineData("crv", "secp256k1")]
    [InlineData("x", "AQAB")]
    [InlineData("y", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public void A_curve_key_with_this_member_is_left_out(string name, string value) => AssertIgnored(Changed(Corp.Ec, name, value));

    [Fact]
    public void A_key_whose_operations_lack_verify_is_left_out()
    {
        JsonObject key = Corp.Rsa.ToJwk();
        key["key_ops"] = new JsonArray("encrypt");
        AssertIgnored(key);
    }

    [Fact]
    public void A_bad_entry_does_not_spoil_the_others()
    {
        KeySet keys = Read(new JsonArray(1, "text", new JsonArray(), new JsonObject(), Corp.Rsa.ToJwk(), new JsonObject { ["kty"] = 7 }));

        Assert.Equal("rsa", Assert.Single(keys.Keys).KeyId);
        Assert.Equal(5, keys.IgnoredCount);
    }

    [Fact]
    public void Two_different_keys_of_one_name_are_ambiguous()
    {
        KeySet keys = Corp.KeysOf(Corp.Rsa.ToJwk(), Corp.Stranger.ToJwk());

        Assert.Equal(KeyLookupStatus.Ambiguous, keys.Find("rsa", RS256).Status);
    }

    [Fact]
    public void One_key_listed_twice_is_one_key() =>
        Assert.Equal(KeyLookupStatus.Found, Corp.KeysOf(Corp.Rsa.ToJwk(), Corp.Rsa.ToJwk()).Find("rsa", RS256).Status);

    [Fact]
    public void One_name_for_an_RSA_and_a_curve_key_is_told_apart_by_the_algorithm()
    {
        IssuerKey curve = IssuerKey.Create("ES256", "rsa");
        KeySet keys = Corp.KeysOf(Corp.Rsa.ToJwk(), curve.ToJwk());

        Assert.Equal("RSA", keys.Find("rsa", RS256).Key!.KeyType);
        Assert.Equal("EC", keys.Find("rsa", SignatureAlgorithm.Find("ES256")!).Key!.KeyType);
    }

    [Fact]
    public void The_thumbprint_is_that_of_RFC_7638_section_3_1()
    {
        const string key = """
            {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
            """;

        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", Corp.KeysOf(JsonNode.Parse(key)!.AsObject()).Keys[0].Thumbprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("<html>")]
    public void A_document_that_is_no_key_set_is_a_fault(string document)
    {
        Assert.False(KeySet.TryRead(Encoding.UTF8.GetBytes(document), out KeySet? keys, out string? fault));
        Assert.Null(keys);
        Assert.EndsWith(".", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_document_over_the_bound_is_a_fault()
    {
        byte[] document = Encoding.UTF8.GetBytes("""{"keys":[]}""".PadRight(KeySet.MaxDocumentBytes + 1));

        Assert.False(KeySet.TryRead(document, out _, out _));
        Assert.True(KeySet.TryRead(document.AsMemory(0, KeySet.MaxDocumentBytes), out _, out _));
    }

    private static JsonObject Changed(IssuerKey key, string name, string value)
    {
        JsonObject changed = key.ToJwk();
        changed[name] = value;
        return changed;
    }

    private static KeySet Read(JsonArray entries)
    {
        string document = new JsonObject { ["keys"] = entries }.ToJsonString();
        Assert.True(KeySet.TryRead(Encoding.UTF8.GetBytes(document), out KeySet? keys, out string? fault), fault);
        return keys;
    }

    private static void AssertIgnored(JsonObject entry)
    {
        KeySet keys = Read([entry]);
        Assert.Empty(keys.Keys);
        Assert.Equal(1, keys.IgnoredCount);
    }
}
