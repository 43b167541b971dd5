using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Identity;
using PoolProxy.Identity.Revocation;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Access;

/// <summary>
/// Access on demand. Whoever shows a good token and is meant by a policy gets a credential for one database and role: a JWT by the proxy's own key, for one login within
/// minutes, by the same person; the session that it opens ends when the access does. Whether a credential still opens anything is decided by the book of grants in memory: its signature
/// only keeps forged ones from being looked up. Any thread.
/// </summary>
internal sealed class AccessDesk : IOwnCredentials, IDisposable
{
    private const string CredentialType = "access+jwt";
    private const string PolicyName = "access";

    /// <summary>What is different about an identity that comes by a grant: it never is the same as one that came by a rule.</summary>
    private const string Results = "access;";

    private readonly SharedServices _shared;
    private readonly TimeProvider _time;
    private readonly AccessKeys _keys;
    private readonly AccessBook _book = new();
    private volatile AccessPlan _plan;

    public AccessDesk(AccessPlan plan, SharedServices shared, TimeProvider time)
    {
        _plan = plan;
        _shared = shared;
        _time = time;
        _keys = new AccessKeys(time);
    }

    /// <summary>From now on these policies decide. What was given stays given.</summary>
    public void Apply(AccessPlan plan) => _plan = plan;

    public void Dispose() => _keys.Dispose();

    /// <summary>Decides about a request.</summary>
    public async Task<AccessAnswer> AskAsync(AccessRequest request, AccessCaller caller, TokenAuthenticator authenticator)
    {
        var plan = _plan;
        var now = _time.GetUtcNow();
        var (decision, proven) = await authenticator.ProveAsync(caller.Token, now, caller.Address);
        var record = new AccessRecord
        {
            Event = AccessEvent.Request,
            Address = caller.AddressText,
            Issuer = decision.Issuer,
            Subject = decision.Subject,
            Database = request.Database,
            Role = request.Role,
            Justification = request.Reason,
        };
        if (decision.Outcome == TokenOutcome.RefusedUnproven || proven is null)
        {
            Record(record with { Refusal = decision.Reason });
            return AccessAnswer.Unproven.Instance;
        }

        if (TryGive(plan, request, proven, now, out var grant) is { } refusal)
        {
            Record(record with { Refusal = refusal.ToString() });
            return new AccessAnswer.Refused(refusal);
        }

        Record(record with { Role = grant!.Role, Grant = grant.Id, Policy = grant.PolicyNumber, Until = grant.EndsAt });
        return new AccessAnswer.Given(grant, Sign(grant, plan));
    }

    /// <summary>The grants that the caller may see: their own, and all for whom a rule makes an admin of the console. Null where the token proves nothing.</summary>
    public async Task<IReadOnlyList<(AccessGrant Grant, AccessState State)>?> ListAsync(AccessCaller caller, TokenAuthenticator authenticator)
    {
        var now = _time.GetUtcNow();
        return await WhoseAsync(caller, authenticator, now) is var (_, isTheirs) ? _book.List(isTheirs, now) : null;
    }

    /// <summary>Takes a grant back and ends what it opened. False where there is none that the caller may take back; null where the token proves nothing.</summary>
    public async Task<bool?> RevokeAsync(string id, AccessCaller caller, TokenAuthenticator authenticator)
    {
        var now = _time.GetUtcNow();
        if (await WhoseAsync(caller, authenticator, now) is not var (decision, isTheirs))
        {
            return null;
        }

        if (_book.Revoke(id, isTheirs, now) is not { } grant)
        {
            return false;
        }

        Record(new AccessRecord
        {
            Event = AccessEvent.Revocation,
            Address = caller.AddressText,
            Issuer = decision.Issuer,
            Subject = decision.Subject,
            Grant = grant.Id,
            Database = grant.Database,
            Role = grant.Role,
            Until = grant.EndsAt,
        });
        await _shared.Revocations.RevokeAsync(new RevocationEntry(new RevocationKey(RevocationKind.Token, grant.Issuer, grant.Id)) { Until = grant.EndsAt, Source = PolicyName });
        return true;
    }

    /// <inheritdoc/>
    public TokenDecision? Redeem(ReadOnlyMemory<byte> token, TokenBearer bearer, LoginTarget target, DateTimeOffset now)
    {
        var plan = _plan;
        if (!TokenReader.TryRead(token, token.Length, out var read, out _) || read.Issuer != plan.Settings.Issuer)
        {
            return null;
        }

        var verdict = TokenValidator.Validate(read, PolicyOf(plan), _keys.KeySet, now);
        if (verdict is not TokenVerdict.Accepted { Token: { TokenId: { } id } verified })
        {
            return Refuse((verdict as TokenVerdict.Refused)?.Reason.ToString() ?? nameof(TokenRefusal.KeyUnknown));
        }

        var refusal = _book.TryUse(id, grant => Check(grant, bearer, target), now, out var grant);
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
        : _shared.Revocations.Registry.Find(grant.Facts) is not null ? AccessRefusal.GrantRevoked
        : null;

    private AccessRefusal? TryGive(AccessPlan plan, AccessRequest request, ProvenToken proven, DateTimeOffset now, out AccessGrant? grant)
    {
        grant = null;
        var token = proven.Token;
        if (plan.Policies.FirstOrDefault(policy => policy.IsFor(token.Policy.Name, token.Claims, request.Database, request.Role)) is not { } policy)
        {
            return AccessRefusal.NoPolicy;
        }

        if (policy.RequiresReason && request.Reason.Length == 0)
        {
            return AccessRefusal.ReasonMissing;
        }

        var time = request.Time ?? policy.MaxTime;
        if (time > policy.MaxTime)
        {
            return AccessRefusal.TooLong;
        }

        var role = request.Role ?? policy.Roles[0];
        if (!plan.HasDatabase(request.Database, role))
        {
            return AccessRefusal.NoSuchDatabase;
        }

        var names = token.Policy.NameClaims.Select(token.Claims.FindText).OfType<string>();
        var given = new AccessGrant
        {
            Id = RandomNumberGenerator.GetHexString(32, lowercase: true),
            Issuer = token.Policy.Name,
            Subject = token.Subject,
            Users = [role, token.Subject, .. names],
            Database = request.Database,
            Role = role,
            Reason = request.Reason,
            PolicyNumber = policy.Number,
            ExposedClaims = proven.ExposedClaims,
            Facts = proven.Facts,
            IssuedAt = now,
            UseBy = now + (time < plan.Settings.UseWithin ? time : plan.Settings.UseWithin),
            EndsAt = now + time,
        };
        if (_book.TryAdd(given, plan.Settings.MaxGrants, plan.Settings.MaxGrantsPerSubject, now) is { } full)
        {
            return full;
        }

        grant = given;
        return null;
    }

    private string Sign(AccessGrant grant, AccessPlan plan) => _keys.Sign(
        new JsonObject
        {
            ["iss"] = plan.Settings.Issuer,
            ["aud"] = plan.Settings.Issuer,
            ["sub"] = grant.Subject,
            ["jti"] = grant.Id,
            ["iat"] = grant.IssuedAt.ToUnixTimeSeconds(),
            ["exp"] = grant.UseBy.ToUnixTimeSeconds(),
        },
        CredentialType,
        plan.Settings.KeyRotation);

    private static IssuerPolicy PolicyOf(AccessPlan plan) => new()
    {
        Name = PolicyName,
        Issuer = plan.Settings.Issuer,
        Audiences = [plan.Settings.Issuer],
        Algorithms = ["ES256"],
        RequiredTypes = [CredentialType],

        // One clock signs and checks, but it counts dates in whole seconds and may be set back a little.
        ClockSkew = TimeSpan.FromSeconds(1),
    };

    private static async Task<(TokenDecision Decision, Func<AccessGrant, bool> IsTheirs)?> WhoseAsync(AccessCaller caller, TokenAuthenticator authenticator, DateTimeOffset now)
    {
        var (decision, proven) = await authenticator.ProveAsync(caller.Token, now, caller.Address);
        if (decision.Outcome == TokenOutcome.RefusedUnproven || proven is null)
        {
            return null;
        }

        var isAdmin = decision is { Outcome: TokenOutcome.Accepted, Console: ConsoleRight.Admin };
        return (decision, grant => isAdmin || (grant.Issuer == decision.Issuer && grant.Subject == decision.Subject));
    }

    private void Record(in AccessRecord record) => _shared.Audit.Record(record);
}
