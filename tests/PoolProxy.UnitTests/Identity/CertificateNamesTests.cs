using System.Formats.Asn1;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Transport.Tls;
using Xunit;
using static PoolProxy.UnitTests.Identity.CraftedCertificate;

namespace PoolProxy.UnitTests.Identity;

/// <summary>Who a certificate is, honest ones and others.</summary>
public sealed class CertificateNamesTests
{
    [Theory]
    [InlineData("app.example.com", "app.example.com", true)]
    [InlineData("App.Example.COM", "app.example.com", true)]
    [InlineData("alice", "alice", true)]
    [InlineData("alice", "alic", false)]
    [InlineData("alice", "alicee", false)]
    [InlineData("app.example.com.", "app.example.com", false)]
    [InlineData("", "alice", false)]
    // The long s and the sign of Kelvin are no letters of ASCII, whatever they are in capitals.
    [InlineData("system", "\u017fystem", false)]
    [InlineData("kevin", "\u212aevin", false)]
    [InlineData("*.example.com", "app.example.com", true)]
    [InlineData("*.Example.com", "APP.example.COM", true)]
    [InlineData("*.example.com", "*.example.com", true)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", ".example.com", false)]
    [InlineData("*.example.com", "a.b.example.com", false)]
    [InlineData("*.example.com", "bob smith.example.com", false)]
    [InlineData("*.example.com", "'--.example.com", false)]
    [InlineData("*.sub.example.com", "a.sub.example.com", true)]
    [InlineData("*", "alice", false)]
    [InlineData("*", "*", true)]
    [InlineData("*.", "alice.", false)]
    [InlineData("*.com", "alice.com", false)]
    [InlineData("*..com", "alice..com", false)]
    [InlineData("*.com.", "alice.com.", false)]
    [InlineData("*.a..com", "alice.a..com", false)]
    [InlineData("*.*.com", "alice.*.com", false)]
    [InlineData("*example.com", "aexample.com", false)]
    [InlineData("w*.example.com", "www.example.com", false)]
    [InlineData("www.*.com", "www.example.com", false)]
    public void A_DNS_name_means_itself_in_any_case_and_a_wildcard_one_label_more(string dnsName, string user, bool isOf)
    {
        Assert.Equal(isOf, CertificateNames.IsOf(dnsName, user));
        Assert.Equal(isOf, CertificateNames.Contain(Of(Subject("O=Example"), Names("dns:" + dnsName)), user));
    }

    [Theory]
    [InlineData("CN=alice", "alice", true)]
    [InlineData("CN=Alice", "alice", false)]
    [InlineData("CN=*.example.com", "app.example.com", false)]
    [InlineData("CN=bob smith", "bob smith", true)]
    [InlineData("CN= alice", "alice", false)]
    [InlineData("CN=alice ", "alice", false)]
    [InlineData("CN=", "alice", false)]
    [InlineData("O=alice", "alice", false)]
    [InlineData("", "alice", false)]
    [InlineData("CN=j\u00fcrgen", "j\u00fcrgen", true)]
    [InlineData("CN=ju\u0308rgen", "j\u00fcrgen", false)]
    // The first of several, also where it is not alone in its part.
    [InlineData("CN=alice|CN=bob", "alice", true)]
    [InlineData("CN=alice|CN=bob", "bob", false)]
    [InlineData("O=x+CN=mallory|CN=alice", "alice", false)]
    [InlineData("O=x+CN=mallory|CN=alice", "mallory", true)]
    [InlineData("CN=|CN=alice", "alice", false)]
    [InlineData("CN=alice\0.evil", "alice", false)]
    public void The_first_CN_counts_as_it_is(string subject, string user, bool isOf) => Assert.Equal(isOf, CertificateNames.Contain(Of(Subject(subject)), user));

    [Theory]
    [InlineData(UniversalTagNumber.PrintableString, "app_1@host")]
    [InlineData(UniversalTagNumber.TeletexString, "j\u00fcrgen")]
    [InlineData(UniversalTagNumber.IA5String, "app")]
    [InlineData(UniversalTagNumber.BMPString, "j\u00fcrgen")]
    public void A_CN_is_read_whatever_kind_of_text_it_is_said_to_be(UniversalTagNumber type, string user) =>
        Assert.True(CertificateNames.Contain(Of(Subject("CN=" + user, type)), user));

    [Theory]
    [InlineData("dns:alice\0.evil.com")]
    [InlineData("dns:x\0")]
    [InlineData("uri:spiffe://a\0b")]
    [InlineData("dns: ")]
    public void A_name_that_could_be_read_as_another_takes_all_names_from_the_certificate(string name)
    {
        CertificateDescription certificate = Of(Subject("CN=alice"), Names("dns:bob", "uri:spiffe://x", name));
        Assert.Null(certificate.CommonName);
        Assert.All([certificate.DnsNames, certificate.Uris], Assert.Empty);
        Assert.All(["alice", "bob", "x", " "], user => Assert.False(CertificateNames.Contain(certificate, user)));
        Assert.False(CertificateNames.Contain(Of(Subject("CN=alice\0"), Names("dns:bob")), "bob"));
    }

    [Fact]
    public void A_list_of_names_that_cannot_be_read_leaves_the_CN()
    {
        byte[] good = Names("dns:bob");
        byte[][][] lists =
        [
            [good[..^1]], [[.. good, 0]], [[0x30, 0]], [[0x04, 0]], [good, good], [Names("dns:j\u00fcrgen", "dns:bob")], [],
        ];
        Assert.All(lists, list =>
        {
            CertificateDescription certificate = Of(Subject("CN=alice"), list);
            Assert.Empty(certificate.DnsNames);
            Assert.True(CertificateNames.Contain(certificate, "alice"));
            Assert.False(CertificateNames.Contain(certificate, "bob"));
        });
    }

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:DB8:0::1", true)]
    [InlineData("192.0.2.2", false)]
    [InlineData("192.0.513", false)]
    [InlineData("0.0.0.1", false)]
    [InlineData("[2001:db8::1]", false)]
    [InlineData("2001:db8::1%1", false)]
    // A DNS name of that form is no address, and a number no address either.
    [InlineData("10.0.0.1", false)]
    [InlineData("1", true)]
    public void A_user_that_is_an_address_is_looked_for_among_the_addresses(string user, bool isOf) =>
        Assert.Equal(isOf, CertificateNames.Contain(Of(Subject("O=x"), Names("ip:c0000201", "ip:20010db8000000000000000000000001", "ip:0000", "dns:10.0.0.1", "dns:1")), user));

    [Fact]
    public void Addresses_of_mail_and_URIs_are_nobodys_name()
    {
        CertificateDescription certificate = Of(Subject("O=x"), Names("mail:alice", "uri:alice"));
        Assert.False(CertificateNames.Contain(certificate, "alice"));
        Assert.Equal(["alice"], certificate.Uris);
    }
}
