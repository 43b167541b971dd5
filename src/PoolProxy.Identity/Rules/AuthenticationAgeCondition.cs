using System.Globalization;
using System.Text.Json;
using PoolProxy.Identity.Claims;

namespace PoolProxy.Identity.Rules;

/// <summary>
/// <c>max_auth_age</c>: the person has proven itself to the issuer no longer ago than that (<c>auth_time</c>, OpenID Connect Core §2). Asked at the login only:
/// a session does not end because it grows older. Without the claim, or with one from the future, it does not hold.
/// </summary>
/// <param name="MaxAge">The longest age.</param>
public sealed record AuthenticationAgeCondition(TimeSpan MaxAge) : CircumstanceCondition
{
    /// <summary>How far the issuer's clock may be ahead, as for its tokens at most.</summary>
    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(5);

    private static readonly ClaimPath AuthTime = ClaimPath.AtRoot("auth_time");

    /// <inheritdoc/>
    public override bool Holds(ClaimSet claims, in Circumstances circumstances)
    {
        if (!claims.TryFind(AuthTime, out JsonElement value) || value.ValueKind != JsonValueKind.Number || !value.TryGetInt64(out long seconds))
        {
            return false;
        }

        // In seconds: a date that no calendar holds must not throw.
        long age = circumstances.LoginAt.ToUnixTimeSeconds() - Math.Clamp(seconds, 0, int.MaxValue * 4L);
        return age <= MaxAge.TotalSeconds && age >= -MaxSkew.TotalSeconds;
    }

    /// <inheritdoc/>
    public override string ToString() => $"max_auth_age = {MaxAge.TotalSeconds.ToString(CultureInfo.InvariantCulture)}";
}
