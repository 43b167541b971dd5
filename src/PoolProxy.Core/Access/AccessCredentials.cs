using System.Text.Json.Nodes;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Identity;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Access;

/// <summary>
/// The credentials of grants: made here, and redeemed at a login, once. Whether one still opens anything is decided by the book; its signature only keeps forged ones from being looked up. Any thread.
/// </summary>
internal sealed class AccessCredentials(AccessBook book, SharedServices shared, TimeProvider time, Func<AccessPlan> plan) : IOwnCredentials, IDisposable
{
    /// <summary>What stands in the place of an issuer's name where a credential is nobody's.</summary>
    public const string PolicyName = "access";

    private const string CredentialType = "access+jwt";

    /// <summary>What is different about an identity that comes by a grant: it never is the same as one that came by a rule.</summary>
    private const string Results = "access;";

    private readonly AccessKeys _keys = new(time);

    /// <summary>Makes the credential of a grant.</summary>
    public string Sign(AccessGrant grant, AccessPlan inForce) => _keys.Sign(
        new JsonObject
        {
            ["iss"] = inForce.Settings.Issuer,
            ["aud"] = inForce.Settings.Issuer,
            ["sub"] = grant.Subject,
            ["jti"] = grant.Id,
            ["iat"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["exp"] = grant.UseBy.ToUnixTimeSeconds(),
        },
        CredentialType,
        inForce.Settings.KeyRotation);

    /// <inheritdoc/>
    public TokenDecision? Redeem(ReadOnlyMemory<byte> token, TokenBearer bearer, LoginTarget target, DateTimeOffset now)
    {
        var inForce = plan();
        if (!TokenReader.TryRead(token, token.Length, out var read, out _) || read.Issuer != inForce.Settings.Issuer)
        {
            return null;
        }

        var verdict = TokenValidator.Validate(read, PolicyOf(inForce), _keys.KeySet, now);
        if (verdict is not TokenVerdict.Accepted { Token: { TokenId: { } id } verified })
        {
            return Refuse((verdict as TokenVerdict.Refused)?.Reason.ToString() ?? nameof(TokenRefusal.KeyUnknown));
        }

        // Before it is used up: whoever mistypes the database has not lost it.
        var grant = book.Find(id, now);
        var refusal = grant is null ? AccessRefusal.GrantUnknown : Check(grant, bearer, target) ?? book.TryUse(grant, now);
        return refusal is null
            ? new TokenDecision
            {
                Outcome = TokenOutcome.Accepted,
                Issuer = grant!.Issuer,
                Subject = grant.Subject,
                TokenId = grant.Id,
                Identity = new IdentityKey(grant.Issuer, grant.Subject, grant.Role, Results, grant.ExposedClaims),
                ExpiresAt = grant.EndsAt,
                Facts = grant.Facts with { TokenId = grant.Id },
            }
            : Refuse(refusal.Value.ToString()) with { Issuer = grant?.Issuer ?? PolicyName, Subject = grant?.Subject ?? verified.Subject, TokenId = id };
    }

    private static TokenDecision Refuse(string reason) => new() { Outcome = TokenOutcome.RefusedUnproven, Reason = reason, Issuer = PolicyName };

    private AccessRefusal? Check(AccessGrant grant, TokenBearer bearer, LoginTarget target) =>
        target.IsConsole || target.Database != grant.Database ? AccessRefusal.OtherDatabase
        : !grant.Users.Contains(bearer.StartupUser) ? AccessRefusal.OtherUser
        : shared.Revocations.Registry.Find(grant.Facts) is not null ? AccessRefusal.GrantRevoked
        : null;

    private static IssuerPolicy PolicyOf(AccessPlan inForce) => new()
    {
        Name = PolicyName,
        Issuer = inForce.Settings.Issuer,
        Audiences = [inForce.Settings.Issuer],
        Algorithms = ["ES256"],
        RequiredTypes = [CredentialType],

        // One clock signs and checks, but it counts dates in whole seconds and may be set back a little.
        ClockSkew = TimeSpan.FromSeconds(1),
    };

    /// <inheritdoc/>
    public void Dispose() => _keys.Dispose();
}
