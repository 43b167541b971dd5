using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>Why a token is accepted, refused or mapped as it is: for <c>explain</c> and EXPLAIN ACCESS.</summary>
/// <param name="Decision">The decision that a login would meet now.</param>
/// <param name="Rules">What each rule says up to the one that decides; empty where the token proves nothing.</param>
internal sealed record TokenExplanation(TokenDecision Decision, IReadOnlyList<RuleTrace> Rules);
