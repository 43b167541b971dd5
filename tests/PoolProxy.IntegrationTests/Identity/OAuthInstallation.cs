using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Testing.Postgres;
using Xunit;

namespace PoolProxy.IntegrationTests.Identity;

/// <summary>An installation whose clients come by OAUTHBEARER: one for the tests of a class that only say wrong things, or one of a test's own.</summary>
public sealed class OAuthInstallation : IAsyncLifetime
{
    private Installation? _here;

    /// <summary>The shared one.</summary>
    internal Installation Here => _here!;

    /// <summary>One of a test's own.</summary>
    internal static Task<Installation> StartAsync(InstallationOptions? options = null) => Installation.StartAsync(
        AvailablePostgres.Found[^1].Major, (options ?? new InstallationOptions()) with { AuthType = "oauth", IssuerLines = "oauth_scope = \"openid groups\"" });

    /// <inheritdoc/>
    public async Task InitializeAsync() => _here = await StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Here.DisposeAsync();
}
