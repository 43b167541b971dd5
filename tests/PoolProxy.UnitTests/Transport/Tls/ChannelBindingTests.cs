using System.Security.Cryptography;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport.Tls;
using Xunit;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>tls-server-end-point, RFC 5929 §4.1, against .NET's own hashes of the certificate.</summary>
public sealed class ChannelBindingTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData("SHA256", "SHA256")]
    [InlineData("SHA384", "SHA384")]
    [InlineData("SHA512", "SHA512")]
    [InlineData("SHA1", "SHA256")]
    public void Both_sides_hash_the_servers_certificate_with_the_digest_of_its_signature(string signature, string expected)
    {
        IssuedCertificate certificate = _authority.Issue("db.test", hash: new HashAlgorithmName(signature));
        // A SHA-1 signature needs the lowest security level to be used at all.
        static TlsSettings Lenient(TlsSettings s) => s with { Ciphers = "ALL:@SECLEVEL=0" };
        using TlsServerContext server = TlsPair.ServerContext(certificate, Lenient);
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.Require, change: Lenient);
        using TlsPair pair = new TlsPair(server, client).Pump();
        byte[] hash = certificate.Certificate.GetCertHash(new HashAlgorithmName(expected));
        Assert.Equal(hash, pair.Server.TlsServerEndPoint.ToArray());
        Assert.Equal(hash, pair.Client.TlsServerEndPoint.ToArray());
    }

    [Fact]
    public void Ours_as_a_client_is_the_servers_certificate_not_our_own()
    {
        IssuedCertificate certificate = _authority.Issue("db.test"), own = _authority.Issue("proxy");
        using TlsServerContext server = TlsPair.ServerContext(certificate, s => s with { AuthorityFile = _authority.File });
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.Require, change: s => s with { CertificateFile = own.CertificateFile, KeyFile = own.KeyFile });
        using TlsPair pair = new TlsPair(server, client).Pump();
        Assert.Equal(own.Certificate.RawData, pair.Server.PeerCertificate.ToArray());
        byte[] hash = certificate.Certificate.GetCertHash(HashAlgorithmName.SHA256);
        Assert.Equal(hash, pair.Server.TlsServerEndPoint.ToArray());
        Assert.Equal(hash, pair.Client.TlsServerEndPoint.ToArray());
    }

    [Fact]
    public void There_is_none_before_the_server_has_shown_its_certificate()
    {
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.Require);
        using TlsChannel channel = client.Open("db.test");
        Assert.True(channel.TlsServerEndPoint.IsEmpty);
    }
}
