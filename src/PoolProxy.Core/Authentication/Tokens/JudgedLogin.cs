using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>What it takes to ask the rules about a login once more. Holds nothing of the token's text.</summary>
/// <param name="Token">The token.</param>
/// <param name="Bearer">Who showed it.</param>
/// <param name="Target">What was to be entered.</param>
internal sealed record JudgedLogin(ProvenToken Token, TokenBearer Bearer, LoginTarget Target);
