using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>The method that auth_type names, ready to use; immutable, made anew by RELOAD.</summary>
internal static class LoginMethods
{
    public static ILoginMethod For(ProxyConfiguration configuration, UserDirectory users, TokenAuthenticator? tokens, TimeProvider time)
    {
        var scram = new ScramMethod(users);
        return configuration.Proxy.AuthType switch
        {
            AuthType.Jwt => new TokenMethod(
                tokens ?? throw new InvalidOperationException("validated: jwt has issuers"),
                configuration.Proxy.TokenWithoutTls,
                configuration.Issuers.Values.Max(issuer => issuer.MaxTokenBytes),
                time),
            AuthType.Trust => new TrustMethod(users),
            AuthType.Any => new AnyMethod(users),
            AuthType.Plain => new PlainMethod(users),
            AuthType.Md5 => new Md5Method(users, scram),
            _ => scram,
        };
    }
}
