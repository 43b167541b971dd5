using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>Credentials that the proxy has signed itself, which answer for a role by themselves and not by the rules.</summary>
internal interface IOwnCredentials
{
    /// <summary>Decides about a login with one, which uses it up; null where the token is none of them. Runs on workers, never waits.</summary>
    TokenDecision? Redeem(ReadOnlyMemory<byte> token, TokenBearer bearer, LoginTarget target, DateTimeOffset now);
}
