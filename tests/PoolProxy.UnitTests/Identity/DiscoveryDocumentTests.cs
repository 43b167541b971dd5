using System.Text;
using PoolProxy.Identity.Keys;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class DiscoveryDocumentTests
{
    [Theory]
    [InlineData("https://a.example", "https://a.example/.well-known/openid-configuration", "https://a.example/.well-known/oauth-authorization-server")]
    [InlineData("https://a.example/", "https://a.example/.well-known/openid-configuration", "https://a.example/.well-known/oauth-authorization-server")]
    [InlineData("https://a.example/t/1", "https://a.example/t/1/.well-known/openid-configuration", "https://a.example/.well-known/oauth-authorization-server/t/1")]
    public void Both_well_known_forms_are_asked(string issuer, string first, string second) =>
        Assert.Equal([first, second], DiscoveryDocument.Places(new Uri(issuer)).Select(place => place.AbsoluteUri));

    [Fact]
    public void The_address_of_the_keys_is_read()
    {
        Assert.True(Read("""{"issuer":"https://a.example","jwks_uri":"https://keys.example/k"}""", out Uri? address));
        Assert.Equal("https://keys.example/k", address!.AbsoluteUri);
    }

    [Theory]
    [InlineData("""{"issuer":"https://a.example/","jwks_uri":"https://keys.example/k"}""")]
    [InlineData("""{"jwks_uri":"https://keys.example/k"}""")]
    [InlineData("""{"issuer":"https://a.example"}""")]
    [InlineData("""{"issuer":"https://a.example","jwks_uri":"keys"}""")]
    [InlineData("""{"issuer":"https://a.example","jwks_uri":["https://keys.example/k"]}""")]
    [InlineData("""{"issuer":"https://a.example","issuer":"https://a.example","jwks_uri":"https://keys.example/k"}""")]
    [InlineData("<html>")]
    public void Another_issuers_or_an_unusable_document_is_a_fault(string document) => Assert.False(Read(document, out _));

    private static bool Read(string document, out Uri? address) =>
        DiscoveryDocument.TryRead(Encoding.UTF8.GetBytes(document), "https://a.example", out address, out _);
}
