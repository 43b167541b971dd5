using System.Security.Cryptography.X509Certificates;
using PoolProxy.Core.Transport.Tls;
using Xunit;

namespace PoolProxy.UnitTests.Transport.Tls;

public sealed class DistinguishedNameTests
{
    [Theory]
    [InlineData("CN=app, OU=jobs, O=\"Example , Inc.\", C=DE", true)]
    [InlineData("cn=app,ou=jobs,o=\"Example , Inc.\",c=DE", true)]
    [InlineData("CN=App,OU=jobs,O=\"Example , Inc.\",C=DE", false)]
    [InlineData("OU=jobs,CN=app,O=\"Example , Inc.\",C=DE", false)]
    [InlineData("C=DE,O=\"Example , Inc.\",OU=jobs,CN=app", false)]
    [InlineData("CN=app,OU=jobs,C=DE", false)]
    [InlineData("CN=app", false)]
    [InlineData("CN=app,OU=jobs,O=\"Example , Inc.\",C=DE,CN=app", false)]
    [InlineData("app", false)]
    [InlineData("", false)]
    public void A_subject_is_a_name_only_with_all_its_parts_in_order(string text, bool expected)
    {
        // As certificates have it: the country first.
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCountryOrRegion("DE");
        subject.AddOrganizationName("Example , Inc.");
        subject.AddOrganizationalUnitName("jobs");
        subject.AddCommonName("app");
        Assert.Equal(expected, DistinguishedName.Matches(subject.Build(), text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CN=app")]
    public void An_empty_subject_is_nobodys_name(string text) => Assert.False(DistinguishedName.Matches(new X500DistinguishedNameBuilder().Build(), text));
}
