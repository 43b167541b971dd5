using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PoolProxy.Identity.Saml;
using PoolProxy.Identity.Tokens;
using PoolProxy.Testing.Saml;
using PoolProxy.UnitTests.Identity;

namespace PoolProxy.UnitTests.Saml;

/// <summary>One provider and its policy, at one moment.</summary>
internal static class SamlPlace
{
    public static SamlProvider Provider { get; } = new();

    public static RSA Stranger { get; } = RSA.Create(2048);

    public static DateTimeOffset Now => Corp.Now;

    public static IssuerPolicy Policy { get; } = new()
    {
        Name = "idp",
        Issuer = Provider.Issuer,
        Audiences = [Provider.Audience],
        Algorithms = ["RS256"],
        MaxLifetime = TimeSpan.FromHours(24),
    };

    public static SamlAssertion Assertion(string subject = "alice") => Provider.Assertion(subject, Now);

    public static SamlVerdict Judge(string token, DateTimeOffset? now = null, IssuerPolicy? policy = null) => SamlValidator.Validate(
        Encoding.ASCII.GetBytes(token),
        new Dictionary<string, SamlPolicy> { [Provider.Issuer] = new(policy ?? Policy, [OtherKey, Provider.Certificate.GetRSAPublicKey()!], [Provider.Recipient]) },
        now ?? Now);

    // A second configured key, as during a rotation at the provider.
    private static RSA OtherKey { get; } = RSA.Create(2048);
}
