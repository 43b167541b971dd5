using System.Security.Cryptography;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Telemetry;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A client shows a fresh token in the midst of its session. It is judged as at a login, by the same user and database; the session goes on with it if it makes
/// the same identity (isolation.md §2), and stays as it was if not. Leaves a line in the audit trail. Cold code on the loop; judging is a worker's.
/// </summary>
internal sealed class SessionRenewal(FrontendServices services, ClientSession session, int ticket, byte[] token)
{
    private readonly long _start = services.Loop.Time.GetTimestamp();

    public async Task RunAsync()
    {
        LoginResult? result = null;
        try
        {
            if (session.Proof?.Facts is not null && services.Renewals is { } judge)
            {
                result = await judge.JudgeAsync(session.Connection, session.User, session.Database, token);
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(token);
        }

        if (session.Connection.IsClosed || session.Relay is not { IsEnded: false } relay)
        {
            return;
        }

        var error = Decide(result, out var reason);
        if (error is null)
        {
            session.Renew(result!);
        }

        Report(result, reason);
        relay.RenewalDecided(ticket, error);
    }

    private ProxyError? Decide(LoginResult? result, out string? reason)
    {
        reason = null;
        if (result is null)
        {
            reason = "nothing_to_renew";
            return ProxyErrors.NothingToRenew;
        }

        if (!result.IsGranted)
        {
            // Good, but for another user, role or database: that is somebody else too.
            reason = result.Reason;
            return result.IsProven ? ProxyErrors.RenewalOfAnother : ProxyErrors.RenewalRefused;
        }

        // While it was judged an order may have come that covers it.
        if (services.Shared.Revocations.Registry.Find(result.Facts!) is not null)
        {
            reason = nameof(TokenRefusal.Revoked);
            return ProxyErrors.RenewalRefused;
        }

        var identity = session.Identity!;
        if (result.Issuer != identity.Issuer || result.Subject != identity.Subject || result.Role != identity.Role || result.RuleResults != identity.Results
            || result.Claims != identity.Claims)
        {
            reason = "another_identity";
            return ProxyErrors.RenewalOfAnother;
        }

        return null;
    }

    private void Report(LoginResult? result, string? reason)
    {
        services.Log.TokenShown(session, result?.Issuer ?? "", result?.Subject ?? "", result?.TokenId ?? "", reason ?? "accepted");
        if (!services.Audit.IsOn)
        {
            return;
        }

        services.Audit.Record(new LoginAttempt
        {
            IsRenewal = true,
            Address = session.Address,
            Outcome = reason is null ? LoginOutcome.Accepted : LoginOutcome.Refused,
            Duration = services.Loop.Time.GetElapsedTime(_start),
            Reason = reason,
            User = session.User,
            Database = session.Database,
            Issuer = result?.Issuer,
            Subject = result?.Subject,
            TokenId = result?.TokenId,
            Role = result is { Role.Length: > 0 } ? result.Role : null,
            Rule = result?.RuleNumber,
        });
    }
}
