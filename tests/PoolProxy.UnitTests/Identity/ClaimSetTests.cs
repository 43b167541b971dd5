using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using PoolProxy.Identity.Claims;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class ClaimSetTests
{
    [Fact]
    public void Exposed_claims_are_sorted_and_without_white_space() =>
        Assert.Equal(
            """{"email":"a@b","groups":["x","y"],"sub":"alice"}""",
            Exposed("""{ "sub": "alice", "groups": ["x", "y"], "email": "a@b", "other": 1 }""", "sub", "groups", "email", "acr"));

    [Fact]
    public void Nested_names_are_sorted_too() =>
        Assert.Equal("""{"a":{"b":1,"c":{"x":2,"y":3}}}""", Exposed("""{"a":{"c":{"y":3,"x":2},"b":1}}""", "a"));

    [Fact]
    public void The_order_of_the_names_does_not_matter() =>
        Assert.Equal(Exposed("""{"sub":"a","acr":"1"}""", "sub", "acr"), Exposed("""{"acr":"1","sub":"a"}""", "acr", "sub"));

    [Fact]
    public void Equal_claims_in_other_spellings_are_equal_texts() =>
        Assert.Equal(Exposed("""{"sub":"\u0061lice","\u0061cr":"\/"}""", "sub", "acr"), Exposed("""{"acr":"/","sub":"alice"}""", "sub", "acr"));

    [Fact]
    public void What_changes_with_every_token_is_never_exposed() =>
        Assert.Equal("""{"sub":"a"}""", Exposed("""{"sub":"a","jti":"j","iat":1,"exp":2,"nbf":3}""", "sub", "jti", "iat", "exp", "nbf"));

    [Fact]
    public void Everything_but_ASCII_is_escaped() =>
        Assert.Equal("""{"sub":"\u00e9\ud83d\ude00\u0001\"\\'"}""", Exposed("""{"sub":"é😀\u0001\"\\'"}""", "sub"));

    [Fact]
    public void A_path_is_exposed_nested_and_a_claim_with_dots_in_its_name_as_it_is()
    {
        const string claims = """{"realm":{"roles":["r"],"secret":1},"https://x.example/roles":["q"]}""";

        Assert.Equal("""{"realm":{"roles":["r"]}}""", Exposed(claims, "realm.roles"));
        Assert.Equal("""{"https://x.example/roles":["q"]}""", Exposed(claims, "https://x.example/roles"));
        Assert.Equal("""{"realm":{"roles":["r"],"secret":1}}""", Exposed(claims, "realm.roles", "realm"));
        Assert.Equal("""{"realm":{"roles":["r"],"secret":1}}""", Exposed(claims, "realm", "realm.roles"));
    }

    [Fact]
    public void Claims_over_16_KB_are_not_exposed()
    {
        int overhead = """{"sub":""}""".Length;
        string fits = new('x', ClaimSet.MaxExposedBytes - overhead);

        Assert.Equal(ClaimSet.MaxExposedBytes, Exposed($$"""{"sub":"{{fits}}"}""", "sub").Length);
        Assert.False(Corp.Claims($$"""{"sub":"{{fits}}x"}""").TryExpose(["sub"], out _));
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e999999999")]
    [InlineData("10000000000000000000000000000000000000000000000000000000000000000000000000")]
    public void A_number_that_PostgreSQL_cannot_take_is_not_exposed(string number) =>
        Assert.False(Corp.Claims($$"""{"acr":{{number}}}""").TryExpose(["acr"], out _));

    [Fact]
    public void Whatever_is_exposed_is_ASCII_and_reads_back_as_it_was() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>().Generator.Where(IsStorable).ToArbitrary(), text =>
        {
            string json = new JsonObject { ["sub"] = text }.ToJsonString();
            string exposed = Exposed(json, "sub");
            return exposed.All(char.IsAscii) && !exposed.Any(char.IsControl) && (string?)JsonNode.Parse(exposed)!["sub"] == text;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_path_leads_through_objects_only()
    {
        ClaimSet claims = Corp.Claims("""{"a":{"b":{"c":7}},"d":[{"e":1}],"f":"x"}""");

        Assert.True(claims.TryFind(ClaimPath.FromDotted("a.b.c"), out JsonElement value));
        Assert.Equal(7, value.GetInt32());
        Assert.False(claims.TryFind(ClaimPath.FromDotted("d.e"), out _));
        Assert.False(claims.TryFind(ClaimPath.FromDotted("f.length"), out _));
        Assert.False(claims.TryFind(ClaimPath.FromDotted("a.x"), out _));
    }

    [Fact]
    public void A_path_is_written_as_rules_write_it() =>
        Assert.Equal("a.\"https://x.example/b\"", new ClaimPath(["a", "https://x.example/b"]).ToString());

    private static bool IsStorable(string? text) =>
        text is not null
        && !text.Contains('\0', StringComparison.Ordinal)
        && text == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Exposed(string json, params string[] names)
    {
        Assert.True(Corp.Claims(json).TryExpose(names, out string? exposed));
        return exposed;
    }
}
