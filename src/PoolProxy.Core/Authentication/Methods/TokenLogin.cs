using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Transport;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>What the methods that take tokens have in common: where a token may travel, and what its judgement means for a login.</summary>
internal sealed class TokenLogin(TokenAuthenticator authenticator, TokenWithoutTls withoutTls, int maxTokenBytes, TimeProvider time)
{
    private const int LeastReadBytes = 64 * 1024;

    /// <summary>The longest token read. With room to spare: one that is too long is refused like any other, by the authenticator.</summary>
    public int MaxReadBytes { get; } = Math.Max(2 * maxTokenBytes, LeastReadBytes);

    /// <summary>
    /// The refusal of a connection that a token must not travel on, before one is asked for; else null. A token seen on the wire is a stolen one.
    /// </summary>
    public LoginResult? Forbid(LoginExchange exchange)
    {
        var connection = exchange.Channel.Connection;
        var isAllowed = connection.IsTls
            || (connection.IsUnix && withoutTls != TokenWithoutTls.Refuse)
            || (withoutTls == TokenWithoutTls.Loopback && connection.RemoteEndPoint is { } remote && IPAddress.IsLoopback(remote.Address));
        return isAllowed ? null : LoginResult.Refused(LoginErrors.TokenWithoutTls, "token_without_tls") with { IsNoFailure = true };
    }

    /// <summary>Judges a token; <paramref name="token"/> need not outlive the call.</summary>
    public ValueTask<LoginResult> JudgeAsync(LoginExchange exchange, ReadOnlyMemory<byte> token) =>
        JudgeAsync(exchange.Channel.Connection, exchange.User, exchange.IsConsole ? TokenAuthenticator.ConsoleDatabase : exchange.Database, token);

    /// <summary>Judges a token for somebody who is in or wants to be; <paramref name="token"/> need not outlive the call.</summary>
    public async ValueTask<LoginResult> JudgeAsync(Connection connection, string user, string database, ReadOnlyMemory<byte> token)
    {
        // Taken before the first wait: the caller's bytes may be gone after it.
        var copy = authenticator.AsksIssuers ? token.ToArray() : null;
        var decision = await authenticator.AuthenticateAsync(token, user, database, time.GetUtcNow(), ThumbprintOf(connection), connection.RemoteEndPoint?.Address);
        var result = ResultOf(decision, user);
        if (copy is not null && result.IsGranted && decision.AskAgainAfter is { } interval)
        {
            return result with { Asked = new AskedToken(copy, interval) };
        }

        CryptographicOperations.ZeroMemory(copy);
        return result;
    }

    /// <summary>What a decision means for a login as <paramref name="user"/>.</summary>
    public static LoginResult ResultOf(TokenDecision decision, string user)
    {
        var result = new LoginResult
        {
            Reason = decision.Reason,
            Issuer = decision.Issuer ?? "",
            Subject = decision.Subject ?? "",
            TokenId = decision.TokenId,
            RuleNumber = decision.RuleNumber,
            IsNoFailure = decision.IsIssuersFault,
            IsProven = decision.Outcome != TokenOutcome.RefusedUnproven,
        };
        return decision.Outcome switch
        {
            TokenOutcome.Accepted => result with
            {
                Role = decision.Role ?? "",
                RuleResults = decision.Identity!.RuleResults,
                Claims = decision.Identity.ExposedClaims,
                Console = decision.Console switch { ConsoleRight.Admin => ConsoleAccess.Admin, ConsoleRight.Stats => ConsoleAccess.Stats, _ => ConsoleAccess.None },
                Judged = decision.Judged,
                Route = decision.Route,
                SearchPath = decision.SearchPath,
                Limits = decision.Limits,
                SessionEndsAt = decision.SessionEndsAt,
                SessionEnd = decision.EndsByHours ? RuleErrors.HoursOver : RuleErrors.SessionOver,
                ExpiresAt = decision.ExpiresAt,
                ExpiryGrace = decision.ExpiryGrace,
                Facts = decision.Facts,
            },
            TokenOutcome.RefusedProven => result with
            {
                Error = decision.RuleNumber is null ? LoginErrors.NoRuleMatches
                    : decision.Reason == nameof(AccessRefusal.LimitsMalformed) ? RuleErrors.LimitsMalformed : LoginErrors.UserNotAllowed(user),
            },
            _ => result with { Error = LoginErrors.LoginRefused(user) },
        };
    }

    /// <summary>RFC 8705 §3.1: base64url of the certificate's SHA-256. Null where the connection has shown none; one that is there was checked.</summary>
    private static string? ThumbprintOf(Connection connection) =>
        connection.Tls is { PeerCertificate: { IsEmpty: false } certificate } ? Base64Url.EncodeToString(SHA256.HashData(certificate.Span)) : null;
}
