using System.Net;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Errors;
using PoolProxy.Identity.Rules;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// auth_type = "jwt": the token comes as the password. Only over TLS, unless token_without_tls says otherwise: a token seen on the wire
/// is a stolen one.
/// </summary>
internal sealed class TokenMethod(TokenAuthenticator authenticator, TokenWithoutTls withoutTls, int maxTokenBytes, TimeProvider time) : ILoginMethod
{
    public string Name => "jwt";

    public async ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        var connection = exchange.Channel.Connection;
        var isAllowed = connection.IsTls
            || (connection.IsUnix && withoutTls != TokenWithoutTls.Refuse)
            || (withoutTls == TokenWithoutTls.Loopback && connection.RemoteEndPoint is { } remote && IPAddress.IsLoopback(remote.Address));
        if (!isAllowed)
        {
            return LoginResult.Refused(LoginErrors.TokenWithoutTls, "token_without_tls");
        }

        exchange.Send(AuthenticationCleartextPassword.Write);
        
        // Read with room to spare: a token that is too long is refused like any other, by the authenticator.
        var token = await exchange.ReadPasswordAsync(Math.Max(2 * maxTokenBytes, 64 * 1024));
        var database = exchange.IsConsole ? TokenAuthenticator.ConsoleDatabase : exchange.Database;
        var decision = await authenticator.AuthenticateAsync(token, exchange.User, database, time.GetUtcNow());
        var result = new LoginResult
        {
            Reason = decision.Reason,
            Issuer = decision.Issuer ?? "",
            Subject = decision.Subject ?? "",
            TokenId = decision.TokenId,
            RuleNumber = decision.RuleNumber,
        };
        return decision.Outcome switch
        {
            TokenOutcome.Accepted => result with
            {
                Role = decision.Role ?? "",
                RuleResults = decision.Identity!.RuleResults,
                Claims = decision.Identity.ExposedClaims,
                Console = decision.Console switch { ConsoleRight.Admin => ConsoleAccess.Admin, ConsoleRight.Stats => ConsoleAccess.Stats, _ => ConsoleAccess.None },
                ExpiresAt = decision.ExpiresAt,
                ExpiryGrace = decision.ExpiryGrace,
            },
            TokenOutcome.RefusedProven => result with { Error = decision.RuleNumber is null ? LoginErrors.NoRuleMatches : LoginErrors.UserNotAllowed(exchange.User) },
            _ => result with { Error = exchange.Refusal },
        };
    }
}
