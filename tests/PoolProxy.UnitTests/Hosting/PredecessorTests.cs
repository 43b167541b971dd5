using PoolProxy.Configuration.Model;
using PoolProxy.Core;
using PoolProxy.Core.Loops.Native;
using PoolProxy.Core.Transport;
using PoolProxy.Testing;
using Xunit;

namespace PoolProxy.UnitTests.Hosting;

/// <summary>Whom a proxy takes listening sockets from (-R).</summary>
public sealed class PredecessorTests
{
    private static readonly SocketEndpoint Endpoint = SocketEndpoint.Unix("/tmp/.s.PGSQL.6432");

    [Theory]
    [InlineData(1000u, 1000u)]
    [InlineData(0u, 1000u)]
    [InlineData(0u, 0u)]
    public void One_of_the_same_account_or_of_root_is_believed(uint owner, uint account) =>
        PredecessorProcess.RequireOwn(Endpoint, new PeerCredentials(1, owner, owner), account);

    [Theory]
    [InlineData(1001u, 1000u)]
    [InlineData(1000u, 0u)]
    [InlineData(null, 1000u)]
    public void Another_accounts_is_refused_by_root_too(uint? owner, uint account)
    {
        PeerCredentials? credentials = owner is { } user ? new PeerCredentials(1, user, account) : null;
        var fault = Assert.Throws<ProxyFaultException>(() => PredecessorProcess.RequireOwn(Endpoint, credentials, account));
        Assert.Contains("/tmp/.s.PGSQL.6432", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_said_to_who_listens_by_the_predecessors_name_as_somebody_else()
    {
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_111_111);
        using ForeignListener listener = ForeignListener.Open(folder.Combine(".s.PGSQL.7777"));
        uint account = Environment.IsPrivilegedProcess ? AccountCalls.EffectiveUser : AccountCalls.EffectiveUser + 1;
        var proxy = new ProxySettings { UnixSocketDir = folder.Path, ListenPort = 7777 };

        // It would wait for an answer to its login otherwise.
        var fault = Assert.Throws<ProxyFaultException>(() => PredecessorProcess.Find(proxy, account));
        Assert.Contains("nothing is taken over from another account", Assert.Single(fault.Faults), StringComparison.Ordinal);
    }
}
