using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport;
using PoolProxy.Core.Transport.Tls;
using Xunit;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>Who is let through by each sslmode, in both directions.</summary>
public sealed class PeerVerificationTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestAuthority _stranger = new("another CA");

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
    }

    [Theory]
    [InlineData(TlsMode.Allow)]
    [InlineData(TlsMode.Prefer)]
    [InlineData(TlsMode.Require)]
    public void Up_to_require_any_server_certificate_is_taken_and_none_counts_as_verified(TlsMode mode)
    {
        using TlsPair pair = Connect(_stranger.Issue("other.test", isExpired: true), mode, "db.test");
        Assert.Equal(TlsState.Open, pair.Client.State);
        Assert.False(pair.Client.IsPeerVerified);
        Assert.Equal("other.test", pair.Client.DescribePeer()?.CommonName);
    }

    [Theory]
    [InlineData(TlsMode.VerifyCa)]
    [InlineData(TlsMode.VerifyFull)]
    public void A_server_certificate_of_another_CA_is_refused_from_verify_ca_on(TlsMode mode)
    {
        using TlsPair pair = Connect(_stranger.Issue("db.test", ["db.test"]), mode, "db.test");
        Assert.Equal(TlsState.Failed, pair.Client.State);
        Assert.Equal("TLS handshake failed: certificate verify failed (unable to get local issuer certificate)", pair.Client.Failure);
        _ = TlsPair.ReadAll(pair.Server);
        Assert.Equal(TlsState.Failed, pair.Server.State);
        Assert.Contains("the peer sent the alert \"unknown CA\"", pair.Server.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_expired_server_certificate_is_refused()
    {
        using TlsPair pair = Connect(_authority.Issue("db.test", ["db.test"], isExpired: true), TlsMode.VerifyCa, "db.test");
        Assert.Equal(TlsState.Failed, pair.Client.State);
        Assert.Contains("certificate has expired", pair.Client.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_ca_takes_any_host_and_verify_full_only_its_own()
    {
        IssuedCertificate certificate = _authority.Issue("other.test", ["other.test"]);
        using TlsPair authority = Connect(certificate, TlsMode.VerifyCa, "db.test");
        Assert.Equal(TlsState.Open, authority.Client.State);
        Assert.True(authority.Client.IsPeerVerified);
        using TlsPair full = Connect(certificate, TlsMode.VerifyFull, "db.test");
        Assert.Equal(TlsState.Failed, full.Client.State);
        Assert.Contains("hostname mismatch", full.Client.Failure, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("db.test", "db.test", true)]
    [InlineData("DB.test", "db.TEST", true)]
    [InlineData("db.test", "db.test.", true)]
    [InlineData("*.pool.test", "db.pool.test", true)]
    [InlineData("*.pool.test", "a.db.pool.test", false)]
    [InlineData("*.pool.test", "pool.test", false)]
    [InlineData("d*.pool.test", "db.pool.test", false)]
    [InlineData("db.test", "xdb.test", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.2", "127.0.0.1", false)]
    [InlineData("::1", "::1", true)]
    [InlineData("::1", "0:0:0:0:0:0:0:1", true)]
    [InlineData("::1", "::2", false)]
    public void Verify_full_compares_the_alternative_names(string certified, string host, bool accepted)
    {
        using TlsPair pair = Connect(_authority.Issue("unrelated", [certified]), TlsMode.VerifyFull, host);
        Assert.Equal(accepted ? TlsState.Open : TlsState.Failed, pair.Client.State);
    }

    [Fact]
    public void Verify_full_takes_the_common_name_only_where_no_alternative_name_stands()
    {
        using TlsPair alone = Connect(_authority.Issue("db.test"), TlsMode.VerifyFull, "db.test");
        Assert.Equal(TlsState.Open, alone.Client.State);
        using TlsPair beside = Connect(_authority.Issue("db.test", ["other.test"]), TlsMode.VerifyFull, "db.test");
        Assert.Equal(TlsState.Failed, beside.Client.State);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("db.test\0.evil.test")]
    public void Verify_full_without_a_usable_host_opens_no_channel(string? host)
    {
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.VerifyFull, _authority.File);
        Assert.ThrowsAny<ArgumentException>(() => client.Open(host));
    }

    [Theory]
    [InlineData(TlsMode.VerifyCa, TlsProtocols.Tls12)]
    [InlineData(TlsMode.VerifyCa, TlsProtocols.Tls13)]
    [InlineData(TlsMode.VerifyFull, TlsProtocols.Tls13)]
    public void A_client_without_a_certificate_is_refused_from_verify_ca_on(TlsMode mode, TlsProtocols protocol)
    {
        using TlsPair pair = Login(mode, _authority.File, clientCertificate: null, protocol);
        Assert.Equal(TlsState.Failed, pair.Server.State);
        Assert.Equal("TLS handshake failed: peer did not return a certificate", pair.Server.Failure);
        _ = TlsPair.ReadAll(pair.Client);
        Assert.Equal(TlsState.Failed, pair.Client.State);
    }

    [Theory]
    [InlineData(TlsMode.Prefer, TlsProtocols.Tls12)]
    [InlineData(TlsMode.Require, TlsProtocols.Tls13)]
    [InlineData(TlsMode.VerifyCa, TlsProtocols.Tls12)]
    [InlineData(TlsMode.VerifyFull, TlsProtocols.Tls13)]
    public void A_clients_certificate_of_our_CA_is_verified_and_named(TlsMode mode, TlsProtocols protocol)
    {
        using TlsPair pair = Login(mode, _authority.File, _authority.Issue("alice"), protocol);
        Assert.Equal(TlsState.Open, pair.Server.State);
        Assert.True(pair.Server.IsPeerVerified);
        Assert.Equal("alice", pair.Server.DescribePeer()?.CommonName);
    }

    [Theory]
    [InlineData(TlsMode.Require, "unable to get local issuer certificate")]
    [InlineData(TlsMode.VerifyCa, "unable to get local issuer certificate")]
    public void A_clients_certificate_of_another_CA_is_refused_wherever_one_is_asked_for(TlsMode mode, string reason)
    {
        using TlsPair pair = Login(mode, _authority.File, _stranger.Issue("alice"), TlsProtocols.Tls13);
        Assert.Equal(TlsState.Failed, pair.Server.State);
        Assert.Contains(reason, pair.Server.Failure, StringComparison.Ordinal);
        Assert.Null(pair.Server.DescribePeer());
    }

    [Fact]
    public void An_expired_client_certificate_is_refused()
    {
        using TlsPair pair = Login(TlsMode.VerifyCa, _authority.File, _authority.Issue("alice", isExpired: true), TlsProtocols.Tls13);
        Assert.Equal(TlsState.Failed, pair.Server.State);
        Assert.Contains("certificate has expired", pair.Server.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Below_verify_ca_a_certificate_may_be_absent_and_without_a_CA_file_none_is_asked_for()
    {
        using TlsPair absent = Login(TlsMode.Require, _authority.File, clientCertificate: null, TlsProtocols.Tls13);
        Assert.Equal(TlsState.Open, absent.Server.State);
        Assert.False(absent.Server.IsPeerVerified);
        using TlsPair notAsked = Login(TlsMode.Require, authorityFile: "", _stranger.Issue("alice"), TlsProtocols.Tls13);
        Assert.Equal(TlsState.Open, notAsked.Server.State);
        Assert.True(notAsked.Server.PeerCertificate.IsEmpty);
    }

    [Fact]
    public void A_common_name_with_a_NUL_names_nobody()
    {
        using TlsPair pair = Login(TlsMode.VerifyCa, _authority.File, _authority.Issue("alice\0bob"), TlsProtocols.Tls13);
        Assert.Equal(TlsState.Open, pair.Server.State);
        Assert.Null(pair.Server.DescribePeer()?.CommonName);
    }

    [Fact]
    public void The_request_for_a_certificate_names_no_CAs()
    {
        // With TLS 1.2 the request travels in clear, so the CA's name would be seen in the server's bytes.
        using TlsServerContext server = TlsPair.ServerContext(
            _stranger.Issue("db.test"),
            s => s with { Mode = TlsMode.VerifyCa, AuthorityFile = _authority.File, Protocols = TlsProtocols.Tls12 });
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.Require);
        using var pair = new TlsPair(server, client);
        byte[] bytes = new byte[64 * 1024];
        pair.Server.Feed(bytes.AsSpan(0, pair.Client.TakeCipher(bytes)));
        int length = pair.Server.TakeCipher(bytes);
        Assert.True(bytes.AsSpan(0, length).IndexOf("another CA"u8) > 0, "the server's own certificate is in clear");
        Assert.Equal(-1, bytes.AsSpan(0, length).IndexOf("test CA"u8));
    }

    [Fact]
    public void A_client_that_offers_only_a_foreign_application_protocol_is_refused()
    {
        using TlsServerContext server = TlsPair.ServerContext(_authority.Issue("db.test"));
        using TlsChannel channel = server.Open();
        using var client = new System.Net.Security.SslStream(new ChannelStream(channel));
        var options = new System.Net.Security.SslClientAuthenticationOptions
        {
            TargetHost = "db.test",
            ApplicationProtocols = [System.Net.Security.SslApplicationProtocol.Http2],
        };
        Assert.ThrowsAny<Exception>(() => client.AuthenticateAsClient(options));
        Assert.Equal(TlsState.Failed, channel.State);
        Assert.Contains("no application protocol", channel.Failure, StringComparison.Ordinal);
    }

    private TlsPair Connect(IssuedCertificate serverCertificate, TlsMode mode, string? host)
    {
        using TlsServerContext server = TlsPair.ServerContext(serverCertificate);
        using TlsClientContext client = TlsPair.ClientContext(mode, _authority.File);
        return new TlsPair(server, client, host).Pump();
    }

    private TlsPair Login(TlsMode mode, string authorityFile, IssuedCertificate? clientCertificate, TlsProtocols protocol)
    {
        using TlsServerContext server = TlsPair.ServerContext(_authority.Issue("db.test"), s => s with { Mode = mode, AuthorityFile = authorityFile, Protocols = protocol });
        using TlsClientContext client = TlsPair.ClientContext(
            TlsMode.Require,
            change: s => s with { CertificateFile = clientCertificate?.CertificateFile ?? "", KeyFile = clientCertificate?.KeyFile ?? "" });
        TlsPair pair = new TlsPair(server, client).Pump();
        _ = TlsPair.ReadAll(pair.Server);
        return pair;
    }
}
