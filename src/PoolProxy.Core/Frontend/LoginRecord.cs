using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Limits;
using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Frontend;

/// <summary>How a login ended, for everybody who keeps account of it: the census, SHOW DENIALS, [limits] and the audit trail. Holds nothing of a token or password.</summary>
/// <param name="services">The loop's.</param>
/// <param name="session">The client.</param>
/// <param name="passes">Its way past [limits]; null where there are none.</param>
internal sealed class LoginRecord(FrontendServices services, ClientSession session, LoginPasses? passes)
{
    /// <summary>What was wished for.</summary>
    public required StartupSettings Startup { get; init; }

    /// <summary>What the method found out; null where it never came to that.</summary>
    public required LoginResult? Proof { get; init; }

    /// <summary>The method's name; empty before one was chosen.</summary>
    public required string Method { get; init; }

    /// <summary>Whether the method proves the startup packet's user.</summary>
    public required bool IsByName { get; init; }

    /// <summary>The role that was given; empty for none.</summary>
    public required string Role { get; init; }

    /// <summary>From the first bytes to the decision.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Writes it everywhere; <paramref name="reason"/> is the check that refused, or null.</summary>
    public void Write(string? reason)
    {
        services.Census.CountLogin(reason);
        var outcome = reason switch
        {
            null => LoginOutcome.Accepted,
            "client_lost" or "client_login_timeout" => LoginOutcome.Abandoned,
            _ => Proof is { IsDiscovery: true } ? LoginOutcome.Discovery : LoginOutcome.Refused,
        };
        if (outcome == LoginOutcome.Refused)
        {
            Deny(reason!);
        }

        if (!services.Audit.IsOn)
        {
            return;
        }

        services.Audit.Record(new LoginAttempt
        {
            Address = session.Address,
            Outcome = outcome,
            Duration = Duration,
            Reason = outcome == LoginOutcome.Discovery ? null : reason,
            Method = Method,
            Tls = session.Connection.Tls?.Version,
            User = Startup.User,
            Database = Startup.Database,
            Issuer = Proof?.Issuer,
            Subject = Proof?.Subject,
            TokenId = Proof?.TokenId,
            Role = Role.Length > 0 ? Role : null,
            Rule = Proof?.RuleNumber,
        });
    }

    /// <summary>Remembered for SHOW DENIALS; what the client is to blame for counts against it.</summary>
    private void Deny(string reason)
    {
        services.Shared.Denials.Add(new Denial(
            services.Loop.Time.GetUtcNow(), session.Address, ErrorText.Name(Startup.User), ErrorText.Name(Startup.Database), Method,
            Proof?.Issuer ?? "", ErrorText.Name(Proof?.Subject ?? ""), ErrorText.Name(reason)));
        if (Proof is not { Error: not null, IsNoFailure: false })
        {
            return;
        }

        if (!IsByName && Proof.Subject.Length > 0)
        {
            passes?.FailProven(Proof.Issuer, Proof.Subject);
        }
        else
        {
            passes?.FailUnproven(IsByName ? Startup.User : null);
        }
    }
}
