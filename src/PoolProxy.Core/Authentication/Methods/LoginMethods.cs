using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Keys;
using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>The method that auth_type names, ready to use; immutable, made anew by RELOAD.</summary>
internal static class LoginMethods
{
    public static ILoginMethod For(
        ProxyConfiguration configuration, UserDirectory users, IReadOnlyList<HbaLine> hba, TokenAuthenticator? tokens, TimeProvider time)
    {
        var type = configuration.Proxy.AuthType;
        return type == AuthType.Hba
            ? new HbaMethod(hba, hba.Select(line => line.Method).OfType<AuthType>().Distinct().ToDictionary(method => method, method => Make(method, configuration, users, tokens, time)))
            : Make(type, configuration, users, tokens, time);
    }

    private static ILoginMethod Make(AuthType type, ProxyConfiguration configuration, UserDirectory users, TokenAuthenticator? tokens, TimeProvider time) => type switch
    {
        AuthType.Jwt => new TokenMethod(Tokens(configuration, tokens, time)),
        AuthType.Oauth => new OAuthMethod(Tokens(configuration, tokens, time), DiscoveryOf(configuration)),
        AuthType.Cert => new CertificateMethod(users, configuration.Users),
        AuthType.Trust => new TrustMethod(users),
        AuthType.Any => new AnyMethod(users),
        AuthType.Plain => new PlainMethod(users),
        AuthType.Md5 => new Md5Method(users, new ScramMethod(users)),
        _ => new ScramMethod(users),
    };

    /// <summary>Judges tokens that are shown in the midst of a session; null where there are no issuers.</summary>
    public static TokenLogin? ForRenewals(ProxyConfiguration configuration, TokenAuthenticator? tokens, TimeProvider time) =>
        tokens is null || configuration.Issuers.Count == 0 ? null : Tokens(configuration, tokens, time);

    private static TokenLogin Tokens(ProxyConfiguration configuration, TokenAuthenticator? tokens, TimeProvider time) => new(
        tokens ?? throw new InvalidOperationException("validated: tokens have issuers"),
        configuration.Proxy.TokenWithoutTls,
        configuration.Issuers.Values.Max(issuer => issuer.MaxTokenBytes),
        time);

    private static byte[] DiscoveryOf(ProxyConfiguration configuration)
    {
        var name = configuration.Proxy.OauthIssuer;
        var issuer = name.Length > 0 ? configuration.Issuers[name] : configuration.Issuers.Values.Single();
        return OAuthBearerStatus.InvalidToken(
            Uri.TryCreate(issuer.Issuer, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" ? DiscoveryDocument.Places(address)[0] : null,
            issuer.OauthScope);
    }
}
