using PoolProxy.Identity.Revocation;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>
/// A verified token with what was computed from it once: the exposed claims, its limits, and the rules that its claims meet. Bound to the rules it was first mapped
/// by, so that a RELOAD in between cannot mix old answers with new ones. Any thread may use it.
/// </summary>
/// <param name="token">The token.</param>
/// <param name="exposedClaims">Its exposed claims: canonical JSON.</param>
/// <param name="issuer">The issuer it was judged by.</param>
/// <param name="limits">The limits that it brings; null where they cannot be read.</param>
/// <param name="plan">The plan that it was judged under.</param>
internal sealed class ProvenToken(VerifiedToken token, string exposedClaims, PlannedIssuer issuer, RuleLimits? limits, TokenPlan plan)
{
    // One is enough: a client that comes back wants the same database.
    private volatile Answer? _answer;

    public VerifiedToken Token { get; } = token;

    public string ExposedClaims { get; } = exposedClaims;

    /// <summary>What it can be revoked by.</summary>
    public TokenFacts Facts { get; } = new(token.Policy.Name, token.Subject, token.TokenId, SessionIdOf(token), token.IssuedAt);

    public PlannedIssuer Issuer { get; } = issuer;

    public RuleLimits? Limits { get; } = limits;

    public TokenPlan Plan { get; } = plan;

    /// <summary>The rules that the claims meet for <paramref name="target"/>; null if they were not asked about it last.</summary>
    public RuleCandidates? Recall(LoginTarget target) => _answer is { } answer && answer.Target == target ? answer.Candidates : null;

    /// <summary>Asks the rules, which may take as long as their patterns: on a worker. An answer that ran out of time is none and is not kept.</summary>
    public RuleCandidates AskRules(LoginTarget target)
    {
        RuleCandidates candidates = Plan.Rules.Sift(Token.Policy.Name, Token.Claims, target);
        if (!candidates.IsUncertain)
        {
            _answer = new Answer(target, candidates);
        }

        return candidates;
    }

    // A longer one could be in no order.
    private static string? SessionIdOf(VerifiedToken token) =>
        token.Claims.FindText("sid") is { Length: > 0 and <= RevocationText.MaxValueCharacters } sid ? sid : null;

    private sealed record Answer(LoginTarget Target, RuleCandidates Candidates);
}
