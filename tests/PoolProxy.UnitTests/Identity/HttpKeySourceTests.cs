using PoolProxy.Core.Authentication.Keys;
using PoolProxy.Sandbox.Certificates;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Identity;

public class HttpKeySourceTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/tenant/a")]
    public async Task Keys_are_found_by_discovery(string path)
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Path = path });

        KeyFetch fetch = await FetchAsync(SettingsFor(issuer));

        Assert.Equal(issuer.Key.KeyId, Assert.Single(fetch.KeySet!.Keys).KeyId);
        Assert.Equal(1, issuer.DiscoveryRequests);
    }

    [Fact]
    public async Task Keys_are_fetched_from_jwks_url_without_discovery()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();

        KeyFetch fetch = await FetchAsync(SettingsFor(issuer) with { JwksUrl = issuer.JwksAddress });

        Assert.Single(fetch.KeySet!.Keys);
        Assert.Equal(0, issuer.DiscoveryRequests);
    }

    [Fact]
    public async Task Rotated_keys_are_there_at_the_next_fetch()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        using var source = new HttpKeySource(SettingsFor(issuer), TimeProvider.System);
        await source.FetchAsync(default);
        IssuerKey rotated = issuer.Rotate("ES256");

        KeyFetch fetch = await source.FetchAsync(default);

        Assert.Contains(fetch.KeySet!.Keys, key => key.KeyId == rotated.KeyId);
        Assert.Equal(2, fetch.KeySet.Keys.Count);
    }

    [Theory]
    [InlineData(IssuerFault.Down, "The request failed")]
    [InlineData(IssuerFault.Unavailable, "answered 503")]
    [InlineData(IssuerFault.Redirect, "answered 302, a redirect, which is not followed")]
    [InlineData(IssuerFault.Oversized, "more than 65536 bytes")]
    [InlineData(IssuerFault.NotJson, "not usable JSON")]
    [InlineData(IssuerFault.ForeignIssuer, "another issuer's")]
    public async Task A_fault_in_discovery_is_told(IssuerFault fault, string expected)
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        issuer.Fault = fault;

        Assert.Contains(expected, (await FetchAsync(SettingsFor(issuer))).Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(IssuerFault.Down, "The request failed")]
    [InlineData(IssuerFault.Unavailable, "answered 503")]
    [InlineData(IssuerFault.Redirect, "a redirect, which is not followed")]
    [InlineData(IssuerFault.Oversized, "more than 65536 bytes")]
    [InlineData(IssuerFault.NotJson, "not usable JSON")]
    public async Task A_fault_in_the_keys_is_told(IssuerFault fault, string expected)
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        issuer.Fault = fault;

        Assert.Contains(expected, (await FetchAsync(SettingsFor(issuer) with { JwksUrl = issuer.JwksAddress })).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_issuer_that_does_not_answer_is_given_up()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();
        issuer.Fault = IssuerFault.Slow;

        Assert.Equal("No complete answer within 0.2 s.", (await FetchAsync(SettingsFor(issuer) with { Timeout = TimeSpan.FromMilliseconds(200) })).Fault);
    }

    [Fact]
    public async Task An_issuer_that_is_not_there_is_a_fault()
    {
        TestIssuer issuer = await TestIssuer.StartAsync();
        KeySourceSettings settings = SettingsFor(issuer);
        await issuer.DisposeAsync();

        Assert.Contains("The request failed", (await FetchAsync(settings)).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_needs_allow_http()
    {
        await using TestIssuer issuer = await TestIssuer.StartAsync();

        KeyFetch fetch = await FetchAsync(SettingsFor(issuer) with { AllowHttp = false });

        Assert.Contains("is not https", fetch.Fault, StringComparison.Ordinal);
        Assert.Equal(0, issuer.DiscoveryRequests);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", true)]
    [InlineData("http://[::1]:1/", true)]
    [InlineData("http://localhost:1/", true)]
    [InlineData("https://login.example.com/", true)]
    [InlineData("http://login.example.com/", false)]
    [InlineData("http://10.0.0.1/", false)]
    [InlineData("http://localhost.example.com/", false)]
    [InlineData("http://127.0.0.1.example.com/", false)]
    [InlineData("https://user:secret@login.example.com/", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("ftp://127.0.0.1/", false)]
    public void With_allow_http_only_loopback_is_asked_in_the_clear(string address, bool isAsked) =>
        Assert.Equal(isAsked, IssuerHttp.FindFault(new Uri(address), allowHttp: true) is null);

    [Fact]
    public async Task A_private_CA_is_trusted_only_where_ca_file_names_it()
    {
        using var folder = new TemporaryFolder();
        using SandboxCertificates certificates = SandboxCertificates.Create(folder.Combine("ca"));
        using SandboxCertificates others = SandboxCertificates.Create(folder.Combine("other"));
        await using TestIssuer issuer = await TestIssuer.StartAsync(new TestIssuerOptions { Certificates = certificates });
        KeySourceSettings settings = SettingsFor(issuer) with { AllowHttp = false };

        Assert.NotNull((await FetchAsync(settings with { CaFile = certificates.AuthorityFile })).KeySet);
        Assert.Contains("The request failed", (await FetchAsync(settings)).Fault, StringComparison.Ordinal);
        Assert.Contains("The request failed", (await FetchAsync(settings with { CaFile = others.AuthorityFile })).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ca_file_that_is_missing_or_empty_is_a_fault()
    {
        using var folder = new TemporaryFolder();
        await using TestIssuer issuer = await TestIssuer.StartAsync();

        Assert.NotNull((await FetchAsync(SettingsFor(issuer) with { CaFile = folder.Combine("none") })).Fault);
        Assert.Contains("holds no certificate", (await FetchAsync(SettingsFor(issuer) with { CaFile = folder.Write("empty", "") })).Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_issuer_that_is_no_address_needs_another_way_to_its_keys()
    {
        KeyFetch fetch = await FetchAsync(new KeySourceSettings(
            "corp", null, null, null, false, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(30), TimeSpan.Zero, TimeSpan.FromSeconds(5), 65536));

        Assert.Contains("need \"jwks_url\" or \"jwks_file\"", fetch.Fault, StringComparison.Ordinal);
    }

    private static KeySourceSettings SettingsFor(TestIssuer issuer) => new(
        issuer.Issuer, null, null, null, true, TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(30), TimeSpan.FromHours(24), TimeSpan.FromSeconds(20), 65536);

    private static async Task<KeyFetch> FetchAsync(KeySourceSettings settings)
    {
        using var source = new HttpKeySource(settings, TimeProvider.System);
        return await source.FetchAsync(default);
    }
}
