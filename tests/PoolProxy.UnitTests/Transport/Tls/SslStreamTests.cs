using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport;
using PoolProxy.Core.Transport.Tls;
using Xunit;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>Our channels against .NET's SslStream, in either role: another implementation of the same protocol's use.</summary>
public sealed class SslStreamTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3")]
    public async Task An_SslStream_client_talks_to_our_server(SslProtocols protocol, string version)
    {
        using TlsServerContext context = TlsPair.ServerContext(_authority.Issue("db.test", ["db.test"]));
        using TlsChannel server = context.Open();
        using var client = new SslStream(new ChannelStream(server));
        client.AuthenticateAsClient(ClientOptions(protocol));

        Assert.Equal(TlsState.Open, server.State);
        Assert.Equal(version, server.Version);
        Assert.Equal(protocol, client.SslProtocol);
        Assert.Null(server.ApplicationProtocol);
        byte[] question = TlsPair.Bytes(1_000_000), answer = TlsPair.Bytes(1_000_000, seed: 2);
        client.Write(question);
        Assert.Equal(question, TlsPair.ReadAll(server));
        server.Write(answer);
        byte[] heard = new byte[answer.Length];
        client.ReadExactly(heard);
        Assert.Equal(answer, heard);

        await client.ShutdownAsync();
        Assert.Empty(TlsPair.ReadAll(server));
        Assert.Equal(TlsState.PeerClosed, server.State);
        server.CloseNotify();
        Assert.Equal(0, client.Read(heard));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3")]
    public async Task Our_client_talks_to_an_SslStream_server(SslProtocols protocol, string version)
    {
        using TlsClientContext context = TlsPair.ClientContext(TlsMode.VerifyFull, _authority.File);
        using TlsChannel client = context.Open("db.test");
        using X509Certificate2 certificate = _authority.Issue("db.test", ["db.test"]).WithKey();
        using var server = new SslStream(new ChannelStream(client));
        string? requestedName = null;
        server.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            EnabledSslProtocols = protocol,
            ServerCertificateSelectionCallback = (_, name) =>
            {
                requestedName = name;
                return certificate;
            },
            ApplicationProtocols = [new SslApplicationProtocol("postgresql")],
        });
        Assert.Equal("db.test", requestedName);
        Assert.Equal("postgresql", server.NegotiatedApplicationProtocol.ToString());
        Assert.Equal(TlsState.Open, client.State);
        Assert.Equal(version, client.Version);
        Assert.True(client.IsPeerVerified);

        client.Write("SELECT 1"u8);
        byte[] heard = new byte[8];
        server.ReadExactly(heard);
        Assert.Equal("SELECT 1", Encoding.ASCII.GetString(heard));
        server.Write("rows"u8);
        Assert.Equal("rows", Encoding.ASCII.GetString(TlsPair.ReadAll(client)));
        await server.ShutdownAsync();
        Assert.Empty(TlsPair.ReadAll(client));
        Assert.Equal(TlsState.PeerClosed, client.State);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void An_SslStream_clients_certificate_is_checked_and_described(SslProtocols protocol)
    {
        using TlsServerContext context = TlsPair.ServerContext(_authority.Issue("db.test", ["db.test"]), s => s with { Mode = TlsMode.VerifyCa, AuthorityFile = _authority.File });
        using TlsChannel server = context.Open();
        IssuedCertificate alice = _authority.Issue("alice", uri: "spiffe://test/alice");
        using X509Certificate2 certificate = alice.WithKey();
        using var client = new SslStream(new ChannelStream(server));
        SslClientAuthenticationOptions options = ClientOptions(protocol);
        options.ClientCertificates = [certificate];
        string[] issuers = ["not asked for one"];
        options.LocalCertificateSelectionCallback = (_, _, certificates, _, acceptable) =>
        {
            issuers = acceptable;
            return certificates[0];
        };
        client.AuthenticateAsClient(options);

        // A bundle of CAs would send all their names, in every handshake.
        Assert.Empty(issuers);
        Assert.Equal(TlsState.Open, server.State);
        Assert.True(server.IsPeerVerified);
        Assert.Equal(alice.Certificate.RawData, server.PeerCertificate.ToArray());
        CertificateDescription peer = Assert.IsType<CertificateDescription>(server.DescribePeer());
        Assert.Equal("alice", peer.CommonName);
        Assert.Equal(["spiffe://test/alice"], peer.Uris);
        Assert.Equal(alice.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256), peer.Sha256Fingerprint, ignoreCase: true);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public void An_SslStream_client_never_resumes_a_session(SslProtocols protocol)
    {
        // A resumed session would skip the check of the client's certificate and keep ours past a RELOAD.
        using TlsServerContext context = TlsPair.ServerContext(_authority.Issue("db.test", ["db.test"]));
        var lengths = new List<int>();
        for (int i = 0; i < 3; i++)
        {
            using TlsChannel server = context.Open();
            var stream = new ChannelStream(server);
            using var client = new SslStream(stream);
            SslClientAuthenticationOptions options = ClientOptions(protocol);
            options.AllowTlsResume = true;
            client.AuthenticateAsClient(options);
            client.Write("x"u8);
            Assert.Single(TlsPair.ReadAll(server));
            server.Write("y"u8);
            Assert.Equal('y', client.ReadByte());
            lengths.Add(stream.ReadBytes);
        }
        // Without the certificate the server's part would be some hundreds of bytes shorter; signatures vary by a few.
        Assert.InRange(lengths.Max() - lengths.Min(), 0, 20);
        Assert.True(lengths.Min() > _authority.Root.RawData.Length);
    }

    private SslClientAuthenticationOptions ClientOptions(SslProtocols protocol)
    {
        var chain = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        chain.CustomTrustStore.Add(_authority.Root);
        return new SslClientAuthenticationOptions { TargetHost = "db.test", EnabledSslProtocols = protocol, CertificateChainPolicy = chain };
    }
}
