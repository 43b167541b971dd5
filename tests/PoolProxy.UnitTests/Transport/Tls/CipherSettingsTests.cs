using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport;
using PoolProxy.Core.Transport.Tls;
using Xunit;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>Versions, ciphers and groups: each setting shows in what is negotiated, or in a refusal.</summary>
public sealed class CipherSettingsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly IssuedCertificate _certificate;

    public CipherSettingsTests() => _certificate = _authority.Issue("db.test", rsa: true);

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(TlsProtocols.Secure, TlsProtocols.Secure, "TLSv1.3")]
    [InlineData(TlsProtocols.Tls12, TlsProtocols.Secure, "TLSv1.2")]
    [InlineData(TlsProtocols.Secure, TlsProtocols.Tls12, "TLSv1.2")]
    [InlineData(TlsProtocols.All, TlsProtocols.Tls13, "TLSv1.3")]
    [InlineData(TlsProtocols.Tls12, TlsProtocols.Tls13, null)]
    [InlineData(TlsProtocols.Tls13, TlsProtocols.Tls12, null)]
    [InlineData(TlsProtocols.Tls11 | TlsProtocols.Tls13, TlsProtocols.Tls12, null)]
    [InlineData(TlsProtocols.Secure, TlsProtocols.Tls10 | TlsProtocols.Tls11, null)]
    public void Only_versions_that_both_allow_are_negotiated(TlsProtocols server, TlsProtocols client, string? version)
    {
        using TlsPair pair = Connect(s => s with { Protocols = server }, s => s with { Protocols = client });
        Assert.Equal(version, pair.Server.Version);
        Assert.Equal(version is null ? TlsState.Failed : TlsState.Open, pair.Server.State);
    }

    [Theory]
    [InlineData(TlsProtocols.Tls10, "TLSv1")]
    [InlineData(TlsProtocols.Tls11, "TLSv1.1")]
    public void Old_versions_work_where_the_ciphers_lower_the_security_level(TlsProtocols protocol, string version)
    {
        TlsSettings Old(TlsSettings s) => s with { Protocols = protocol, Ciphers = "ALL:@SECLEVEL=0" };
        using TlsPair pair = Connect(Old, Old);
        Assert.Equal(version, pair.Server.Version);
    }

    [Theory]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256")]
    [InlineData("ECDHE-RSA-CHACHA20-POLY1305")]
    [InlineData("AES256-GCM-SHA384")]
    public void The_cipher_list_decides_up_to_TLS_1_2(string cipher)
    {
        using TlsPair byServer = Connect(s => s with { Protocols = TlsProtocols.Tls12, Ciphers = cipher });
        Assert.Equal(cipher, byServer.Server.Cipher);
        using TlsPair byClient = Connect(s => s with { Protocols = TlsProtocols.Tls12 }, s => s with { Ciphers = cipher });
        Assert.Equal(cipher, byClient.Client.Cipher);
    }

    [Fact]
    public void The_servers_order_of_ciphers_counts()
    {
        using TlsPair pair = Connect(
            s => s with { Protocols = TlsProtocols.Tls12, Ciphers = "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384" },
            s => s with { Ciphers = "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256" });
        Assert.Equal("ECDHE-RSA-AES128-GCM-SHA256", pair.Server.Cipher);
    }

    [Theory]
    [InlineData("TLS_CHACHA20_POLY1305_SHA256", "default", "TLS_CHACHA20_POLY1305_SHA256")]
    [InlineData("TLS_AES_128_GCM_SHA256", "secure", "TLS_AES_128_GCM_SHA256")]
    [InlineData("TLS_AES_128_CCM_SHA256:TLS_AES_128_GCM_SHA256", "default", "TLS_AES_128_GCM_SHA256")]
    [InlineData("", "TLS_AES_128_GCM_SHA256:ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_128_GCM_SHA256")]
    [InlineData("", "normal", "TLS_AES_256_GCM_SHA384")]
    [InlineData("", "all", "TLS_AES_256_GCM_SHA384")]
    [InlineData("", "ECDHE-RSA-AES128-GCM-SHA256", "TLS_AES_256_GCM_SHA384")]
    public void The_suites_of_TLS_1_3_come_from_their_own_list_or_from_the_other(string suites, string ciphers, string expected)
    {
        using TlsPair pair = Connect(s => s with { Tls13Ciphers = suites, Ciphers = ciphers });
        Assert.Equal(expected, pair.Server.Cipher);
    }

    [Fact]
    public void No_common_cipher_fails_both_sides_with_a_reason()
    {
        using TlsPair pair = Connect(
            s => s with { Protocols = TlsProtocols.Tls12, Ciphers = "ECDHE-RSA-AES128-GCM-SHA256" },
            s => s with { Ciphers = "ECDHE-RSA-AES256-GCM-SHA384" });
        Assert.Equal("TLS handshake failed: no shared cipher", pair.Server.Failure);
        Assert.Equal("TLS handshake failed: the peer sent the alert \"handshake failure\"", pair.Client.Failure);
    }

    [Theory]
    [InlineData("auto", "x25519")]
    [InlineData("prime256v1", "secp256r1")]
    [InlineData("P-384", "secp384r1")]
    [InlineData("secp384r1:prime256v1", "secp384r1")]
    [InlineData("X448, prime256v1", "x448")]
    [InlineData("none", "ffdhe2048")]
    public void The_curve_decides_the_key_exchange(string curves, string group)
    {
        using TlsPair pair = Connect(s => s with { Curves = curves });
        Assert.Equal(group, pair.Server.Group, ignoreCase: true);
    }

    [Theory]
    [InlineData(DheParameters.Auto, true)]
    [InlineData(DheParameters.None, false)]
    public void Finite_field_Diffie_Hellman_works_unless_it_is_none(DheParameters parameters, bool isOpen)
    {
        using TlsPair pair = Connect(s => s with { Protocols = TlsProtocols.Tls12, Ciphers = "DHE-RSA-AES128-GCM-SHA256", DheParameters = parameters });
        Assert.Equal(isOpen ? TlsState.Open : TlsState.Failed, pair.Server.State);
    }

    private TlsPair Connect(Func<TlsSettings, TlsSettings> server, Func<TlsSettings, TlsSettings>? client = null)
    {
        using TlsServerContext serverContext = TlsPair.ServerContext(_certificate, server);
        using TlsClientContext clientContext = TlsPair.ClientContext(TlsMode.Require, change: s => (client ?? (same => same))(s with { Ciphers = "ALL" }));
        TlsPair pair = new TlsPair(serverContext, clientContext).Pump();
        _ = TlsPair.ReadAll(pair.Server);
        _ = TlsPair.ReadAll(pair.Client);
        return pair;
    }
}
