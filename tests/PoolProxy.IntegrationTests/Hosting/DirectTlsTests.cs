using PoolProxy.Sandbox.Certificates;
using PoolProxy.Testing;
using PoolProxy.Testing.Proxy;
using Xunit;

namespace PoolProxy.IntegrationTests.Hosting;

/// <summary>TLS without an SSLRequest in front (libpq's sslnegotiation=direct).</summary>
public sealed class DirectTlsTests : IClassFixture<PoolScene>, IDisposable
{
    private readonly PoolScene _scene;
    private readonly TemporaryFolder _folder = new();
    private readonly SandboxCertificates _certificates;

    public DirectTlsTests(PoolScene scene)
    {
        _scene = scene;
        _certificates = SandboxCertificates.Create(_folder.Path);
    }

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task With_ALPN_a_client_is_served()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        await client.HandshakeTlsAsync(_certificates.AuthorityFile);
        await client.LoginAsync("a", "app");
        Assert.Equal("1", await client.ScalarAsync("select 1"));
    }

    [Fact]
    public async Task Without_ALPN_the_connection_ends()
    {
        await using ProxyUnderTest proxy = await StartAsync();
        await using RawClient client = await proxy.ConnectAsync();
        await client.HandshakeTlsAsync(_certificates.AuthorityFile, namesProtocol: false);
        Assert.Empty(await client.Stream.ReadToEndAsync());
    }

    [Fact]
    public async Task Where_TLS_is_not_in_use_the_connection_ends()
    {
        await using ProxyUnderTest proxy = await _scene.StartAsync();
        await using (RawClient client = await proxy.ConnectAsync())
        {
            await Assert.ThrowsAnyAsync<IOException>(() => client.HandshakeTlsAsync(_certificates.AuthorityFile));
        }

        await using RawClient plain = await proxy.LoginAsync("a", "app");
        Assert.Equal("1", await plain.ScalarAsync("select 1"));
    }

    private Task<ProxyUnderTest> StartAsync() => _scene.StartAsync(
        proxy: $"client_tls_sslmode = \"require\"\nclient_tls_cert_file = \"{_certificates.ServerEc.CertificateFile}\"\nclient_tls_key_file = \"{_certificates.ServerEc.KeyFile}\"");
}
