using PoolProxy.Configuration.Hba;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Keys;
using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>The method that auth_type names, ready to use; immutable, made anew by RELOAD.</summary>
internal static class LoginMethods
{
    public static ILoginMethod For(
        ProxyConfiguration configuration, UserDirectory users, HbaRules hba, TokenAuthenticator? tokens, OutsideProofs outside, TimeProvider time)
    {
        ILoginMethod MakeOne(AuthType type, HbaLine? line) =>
            OutsideMethods.Make(type, line, configuration, users, hba.Memberships, outside) ?? Make(type, configuration, users, tokens, time);

        // Most lines name the same few methods, with no options of their own.
        var shared = new Dictionary<AuthType, ILoginMethod>();
        ILoginMethod Of(AuthType type, HbaLine line)
        {
            if (line.HasOptions)
            {
                return MakeOne(type, line);
            }

            return shared.TryGetValue(type, out var made) ? made : shared[type] = MakeOne(type, null);
        }

        return configuration.Proxy.AuthType == AuthType.Hba
            ? new HbaMethod(hba, [.. hba.Lines.Select(line => line.Method is { } type ? Of(type, line) : null)])
            : MakeOne(configuration.Proxy.AuthType, null);
    }

    private static ILoginMethod Make(AuthType type, ProxyConfiguration configuration, UserDirectory users, TokenAuthenticator? tokens, TimeProvider time) => type switch
    {
        AuthType.Jwt => new TokenMethod(Tokens(configuration, tokens, time)),
        AuthType.Oauth => new OAuthMethod(Tokens(configuration, tokens, time), DiscoveryOf(configuration)),
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
