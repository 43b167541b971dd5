using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Frontend;

/// <summary>What a session's right rests on, for as long as it lives: for revocations and SHOW SESSIONS. Immutable; holds nothing of a token's text.</summary>
/// <param name="Issuer">The issuer's name; empty for PgBouncer's methods.</param>
/// <param name="Subject">The token's <c>sub</c>, or the user.</param>
/// <param name="Role">The role its transactions run as; empty in the console.</param>
/// <param name="Facts">What it can be revoked by; null without a token.</param>
/// <param name="RuleNumber">The rule that let it in.</param>
/// <param name="ExpiresAt">When that ends; null for never.</param>
/// <param name="Since">When it was proven.</param>
/// <param name="Judged">What it takes to ask the rules again; null where nobody will.</param>
internal sealed record SessionProof(
    string Issuer, string Subject, string Role, TokenFacts? Facts, int? RuleNumber, DateTimeOffset? ExpiresAt, DateTimeOffset Since, JudgedLogin? Judged = null)
{
    /// <summary>What a session rests on whose user was proven by one of PgBouncer's methods.</summary>
    public static SessionProof WithoutToken(string user, string role, DateTimeOffset since) => new("", user, role, null, null, null, since);

    /// <summary>What was proven at a login, or by a token shown later.</summary>
    /// <param name="result">What was proven.</param>
    /// <param name="now">The time.</param>
    /// <param name="isJudgedAgain">The rules may be asked again after a RELOAD.</param>
    public static SessionProof Of(LoginResult result, DateTimeOffset now, bool isJudgedAgain = false) =>
        new(result.Issuer, result.Subject, result.Role, result.Facts, result.RuleNumber, result.ExpiresAt, now, isJudgedAgain ? result.Judged : null);
}
