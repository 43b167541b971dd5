using PoolProxy.Core.Authentication.Revocation;
using PoolProxy.Identity;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>What a proven token comes to: whether it is in the right hands and still good, and what the rules give to who it names.</summary>
/// <param name="revocations">What was taken back; null where nothing ever is.</param>
internal sealed class TokenDecider(RevocationRegistry? revocations)
{
    /// <summary>The decision, by the rules' candidates; <paramref name="since"/> is when the login was made that is judged again, null for one that is made now.</summary>
    public TokenDecision Decide(ProvenToken proven, RuleCandidates candidates, TokenBearer bearer, LoginTarget target, DateTimeOffset now, DateTimeOffset? since = null, bool isLogin = true)
    {
        VerifiedToken token = proven.Token;

        // RFC 8705 §3: in other hands the token proves nothing, remembered or not.
        if (token.CertificateThumbprint is { } bound && bound != bearer.Certificate)
        {
            TokenRefusal unbound = bearer.Certificate is null ? TokenRefusal.CertificateMissing : TokenRefusal.CertificateMismatch;
            return Unproven(new TokenVerdict.Refused(unbound, token.Policy.Name, token.Subject, token.TokenId));
        }

        // Remembered tokens too: nothing of them counts that was taken back meanwhile.
        if (revocations?.Find(proven.Facts) is not null)
        {
            return Unproven(new TokenVerdict.Refused(TokenRefusal.Revoked, token.Policy.Name, token.Subject, token.TokenId));
        }

        var circumstances = new Circumstances(bearer.Address, now, since);
        RuleOutcome outcome = candidates.Choose(in circumstances);
        if (outcome is not RuleOutcome.Matched { Rule: var rule } matched)
        {
            int? timedOut = (outcome as RuleOutcome.TimedOut)?.Rule.Number;
            return Proven(token, timedOut is null ? AccessRefusal.NoRule : AccessRefusal.RuleTimedOut, timedOut);
        }

        if (isLogin)
        {
            proven.Plan.Hits[matched.Index].Note(now);
        }

        if (proven.Limits is not { } claimed)
        {
            return Proven(token, AccessRefusal.LimitsMalformed, rule.Number);
        }

        string? role = "";
        if (target.IsConsole)
        {
            if (rule.Console == ConsoleRight.None)
            {
                return Proven(token, AccessRefusal.ConsoleShut, rule.Number);
            }
        }
        else if (!RoleChoice.TryChoose(rule, token.Claims, token.Policy.NameClaims, bearer.StartupUser, out role, out AccessRefusal refusal))
        {
            return Proven(token, refusal, rule.Number);
        }

        RuleLimits limits = rule.Limits.Stricter(claimed);
        DateTimeOffset? lengthEnd = limits.SessionLength is { } length ? circumstances.LoginAt + length : null;
        bool endsByHours = matched.EndsAt is { } hoursEnd && !(lengthEnd <= hoursEnd);

        // What the token limits beyond the rule is part of what the login comes to, and so of who the client is.
        string results = claimed == RuleLimits.None ? rule.Results : $"{rule.Results};{limits}";
        return new TokenDecision
        {
            Outcome = TokenOutcome.Accepted,
            Issuer = token.Policy.Name,
            Subject = token.Subject,
            TokenId = token.TokenId,
            RuleNumber = rule.Number,
            Identity = new IdentityKey(token.Policy.Name, token.Subject, role, results, proven.ExposedClaims),
            Judged = new JudgedLogin(proven, bearer, target),
            Route = rule.Route,
            SearchPath = rule.SearchPath,
            Limits = limits,
            SessionEndsAt = endsByHours ? matched.EndsAt : lengthEnd,
            EndsByHours = endsByHours,
            Console = rule.Console,
            ExpiresAt = token.ExpiresAt,
            ExpiryGrace = token.Policy.ExpiryGrace,
            Facts = proven.Facts,
            AskAgainAfter = token.Key is null && token.ReusableUntil > DateTimeOffset.MinValue ? proven.Issuer.Introspector?.Ttl : null,
        };
    }

    /// <summary>Of a token that proves nothing.</summary>
    public static TokenDecision Unproven(TokenVerdict.Refused refused) => new()
    {
        Outcome = TokenOutcome.RefusedUnproven,
        Reason = refused.Reason.ToString(),
        IsIssuersFault = refused.Reason is TokenRefusal.KeysUnavailable or TokenRefusal.KeyNotFetched or TokenRefusal.IntrospectionFailed or TokenRefusal.IntrospectionBusy,
        Issuer = refused.Issuer,
        Subject = refused.Subject,
        TokenId = refused.TokenId,
    };

    private static TokenDecision Proven(VerifiedToken token, AccessRefusal reason, int? ruleNumber) => new()
    {
        Outcome = TokenOutcome.RefusedProven,
        Reason = reason.ToString(),
        Issuer = token.Policy.Name,
        Subject = token.Subject,
        TokenId = token.TokenId,
        RuleNumber = ruleNumber,
    };
}
