using PoolProxy.Configuration.Model;
using PoolProxy.Core.Transport;
using PoolProxy.Core.Transport.Tls;
using Xunit;

namespace PoolProxy.UnitTests.Transport.Tls;

/// <summary>A RELOAD builds a new context; what was open goes on, what is opened then is new.</summary>
public sealed class TlsReloadTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Open_channels_go_on_after_their_context_is_gone_and_new_ones_show_the_new_certificate()
    {
        IssuedCertificate certificate = _authority.Issue("old.test");
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.VerifyCa, _authority.File);
        TlsServerContext server = TlsPair.ServerContext(certificate);
        using TlsPair open = new TlsPair(server, client).Pump();
        using var half = new TlsPair(server, client);

        // The same paths with new content, as a renewal leaves them.
        IssuedCertificate renewed = _authority.Issue("new.test");
        File.Copy(renewed.CertificateFile, certificate.CertificateFile, overwrite: true);
        File.Copy(renewed.KeyFile, certificate.KeyFile, overwrite: true);
        using TlsServerContext reloaded = TlsPair.ServerContext(certificate);
        server.Dispose();
        using TlsPair fresh = new TlsPair(reloaded, client).Pump();
        half.Pump();

        open.Server.Write("still here"u8);
        open.Pump();
        Assert.Equal(10, TlsPair.ReadAll(open.Client).Length);
        Assert.Equal("old.test", open.Client.DescribePeer()?.CommonName);
        Assert.Equal("old.test", half.Client.DescribePeer()?.CommonName);
        Assert.Equal("new.test", fresh.Client.DescribePeer()?.CommonName);
    }

    [Fact]
    public void A_disposed_context_opens_nothing_more()
    {
        TlsServerContext server = TlsPair.ServerContext(_authority.Issue("db.test"));
        server.Dispose();
        server.Dispose();
        Assert.Throws<ObjectDisposedException>(server.Open);
    }

    [Fact]
    public async Task Loops_may_open_on_one_context_at_the_same_time()
    {
        using TlsServerContext server = TlsPair.ServerContext(_authority.Issue("db.test", ["db.test"]));
        using TlsClientContext client = TlsPair.ClientContext(TlsMode.VerifyFull, _authority.File);
        TlsState[][] states = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Enumerable.Range(0, 50).Select(_ =>
        {
            using TlsPair pair = new TlsPair(server, client).Pump();
            return pair.Server.State;
        }).ToArray())));
        Assert.All(states.SelectMany(state => state), state => Assert.Equal(TlsState.Open, state));
    }
}
