using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Doctor;
using PoolProxy.Core.Doctor.Checks;
using Xunit;

namespace PoolProxy.UnitTests.Doctor;

public sealed class TlsCheckTests
{
    [Theory]
    [InlineData("db.internal", TlsMode.Disable, FindingLevel.Fault)]
    [InlineData("db.internal", TlsMode.Prefer, FindingLevel.Fault)]
    [InlineData("10.0.0.1", TlsMode.Require, FindingLevel.Fault)]
    [InlineData("db.internal", TlsMode.VerifyCa, FindingLevel.Warning)]
    [InlineData("db.internal", TlsMode.VerifyFull, null)]
    [InlineData("localhost", TlsMode.Prefer, null)]
    [InlineData("127.0.0.2", TlsMode.Disable, null)]
    [InlineData("::1", TlsMode.Disable, null)]
    [InlineData("/run/postgresql", TlsMode.Disable, null)]
    [InlineData("localhost.evil.example", TlsMode.Prefer, FindingLevel.Fault)]
    public void Whether_the_server_proves_who_it_is(string host, object mode, object? level)
    {
        Upstream upstream = Make(IsolationLevel.Partitioned, host, (TlsMode)mode);
        Assert.Equal((FindingLevel?)level, TlsCheck.Of(upstream)?.Level);
        Assert.Equal(level is null ? null : FindingLevel.Warning, TlsCheck.Of(upstream with { Level = IsolationLevel.None })?.Level);
    }

    private static Upstream Make(IsolationLevel level, string host, TlsMode mode) => new()
    {
        Level = level,
        Target = new ServerTarget { DatabaseName = "app", Host = host, Port = 5432, Dbname = "app", User = "pp", Signature = "", TlsMode = mode },
    };
}
