using System.Net;
using PoolProxy.Core.Backend;
using Xunit;

namespace PoolProxy.UnitTests.Backend;

/// <summary>Where a client's own password may go to a server that asks for it in clear text.</summary>
public sealed class PasswordPrivacyTests
{
    [Theory]
    [InlineData(true, "192.0.2.1", true)]
    [InlineData(false, "192.0.2.1", false)]
    [InlineData(false, "2001:db8::1", false)]
    [InlineData(false, "::ffff:192.0.2.1", false)]
    [InlineData(false, "127.0.0.1", true)]
    [InlineData(false, "::ffff:127.0.0.1", true)]
    [InlineData(false, "::1", true)]
    [InlineData(false, null, true)]
    public void It_goes_over_TLS_or_within_the_machine(bool isTls, string? server, bool isPrivate) =>
        Assert.Equal(isPrivate, ServerLogin.IsPrivate(isTls, server is null ? null : IPAddress.Parse(server)));
}
