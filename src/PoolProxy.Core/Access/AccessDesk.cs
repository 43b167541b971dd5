using System.Security.Cryptography;
using PoolProxy.Core.Audit;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Frontend;
using PoolProxy.Identity.Revocation;
using PoolProxy.Identity.Rules;

namespace PoolProxy.Core.Access;

/// <summary>
/// Access on demand. Whoever shows a good token and is meant by a policy gets a credential for one database and role: a JWT by the proxy's own key, for one login within
/// minutes, by the same person; the session that it opens ends when the access does. Whether a credential still opens anything is decided by the book of grants in memory: its signature
/// only keeps forged ones from being looked up. Any thread.
/// </summary>
internal sealed class AccessDesk : IDisposable
{
    private readonly SharedServices _shared;
    private readonly TimeProvider _time;
    private readonly AccessBook _book = new();
    private volatile AccessPlan _plan;

    public AccessDesk(AccessPlan plan, SharedServices shared, TimeProvider time)
    {
        _plan = plan;
        _shared = shared;
        _time = time;
        Credentials = new AccessCredentials(_book, shared, time, () => _plan);
    }

    /// <summary>Makes credentials, and lets people in by them.</summary>
    public AccessCredentials Credentials { get; }

    /// <summary>From now on these policies decide. What was given stays given.</summary>
    public void Apply(AccessPlan plan) => _plan = plan;

    public void Dispose() => Credentials.Dispose();

    /// <summary>Decides about a request.</summary>
    public async Task<AccessAnswer> AskAsync(AccessRequest request, AccessCaller caller, TokenAuthenticator authenticator)
    {
        var plan = _plan;
        var now = _time.GetUtcNow();
        var (decision, proven) = await authenticator.ProveAsync(caller.Token, now, caller.Address);
        var record = RecordOf(AccessEvent.Request, caller, decision) with { Database = request.Database, Role = request.Role, Justification = request.Reason };
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

        var isPending = grant!.State == AccessState.Pending;
        Record(record with { Role = grant.Role, Grant = grant.Id, Policy = grant.Policy.Number, Until = grant.EndsAt, IsPending = isPending });
        return isPending ? new AccessAnswer.Pending(grant) : new AccessAnswer.Given(grant, Credentials.Sign(grant, plan));
    }

    /// <summary>What was asked for before and has been approved since. Only who asked can collect it, once.</summary>
    public async Task<AccessAnswer> CollectAsync(string id, AccessCaller caller, TokenAuthenticator authenticator)
    {
        var plan = _plan;
        var now = _time.GetUtcNow();
        var (decision, proven) = await authenticator.ProveAsync(caller.Token, now, caller.Address);
        var record = RecordOf(AccessEvent.Request, caller, decision);
        if (decision.Outcome == TokenOutcome.RefusedUnproven || proven is null)
        {
            Record(record with { Refusal = decision.Reason });
            return AccessAnswer.Unproven.Instance;
        }

        var refusal = _book.Collect(id, proven.Token.Policy.Name, proven.Token.Subject, plan.Settings.UseWithin, now, out var grant);
        if (refusal is not null)
        {
            if (refusal != AccessRefusal.NotApproved)
            {
                Record(record with { Refusal = refusal.ToString() });
            }

            return refusal == AccessRefusal.NotApproved ? new AccessAnswer.Pending(grant!) : new AccessAnswer.Refused(refusal.Value);
        }

        Record(record with { Grant = grant!.Id, Database = grant.Database, Role = grant.Role, Policy = grant.Policy.Number, Until = grant.EndsAt, Justification = grant.Reason });
        return new AccessAnswer.Given(grant, Credentials.Sign(grant, plan));
    }

    /// <summary>Approves what somebody else has asked for: whether the token proves who approves, and why it was not done; null for done.</summary>
    public async Task<(bool IsProven, AccessRefusal? Refusal)> ApproveAsync(string id, AccessCaller caller, TokenAuthenticator authenticator)
    {
        var now = _time.GetUtcNow();
        var (decision, proven) = await authenticator.ProveAsync(caller.Token, now, caller.Address);
        if (decision.Outcome == TokenOutcome.RefusedUnproven || proven is null)
        {
            return (false, null);
        }

        var grant = _book.Find(id, now);
        AccessRefusal? refusal = grant is null ? AccessRefusal.GrantUnknown
            : !CanApprove(grant, proven) ? AccessRefusal.NoApprover
            : _book.TryApprove(grant, proven.Token.Subject, now);
        Record(RecordOf(AccessEvent.Approval, caller, decision) with
        {
            Refusal = refusal?.ToString(),
            Grant = grant?.Id,
            Database = grant?.Database,
            Role = grant?.Role,
            Policy = grant?.Policy.Number,
        });
        return (true, refusal);
    }

    /// <summary>The grants that the caller may see: their own, and all for whom a rule makes an admin of the console. Null where the token proves nothing.</summary>
    public async Task<IReadOnlyList<(AccessGrant Grant, AccessState State)>?> ListAsync(AccessCaller caller, TokenAuthenticator authenticator)
    {
        var now = _time.GetUtcNow();
        return await WhoseAsync(caller, authenticator, now) is var (_, isTheirs) ? [.. _book.List(now).Where(entry => isTheirs(entry.Grant))] : null;
    }

    /// <summary>Takes a grant back and ends what it opened. False where there is none that the caller may take back; null where the token proves nothing.</summary>
    public async Task<bool?> RevokeAsync(string id, AccessCaller caller, TokenAuthenticator authenticator)
    {
        var now = _time.GetUtcNow();
        if (await WhoseAsync(caller, authenticator, now) is not var (decision, isTheirs))
        {
            return null;
        }

        if (_book.Find(id, now) is not { } grant || !isTheirs(grant) || !_book.TryRevoke(grant, now))
        {
            return false;
        }

        Record(RecordOf(AccessEvent.Revocation, caller, decision) with
        {
            Grant = grant.Id,
            Database = grant.Database,
            Role = grant.Role,
            Until = grant.EndsAt,
        });
        await _shared.Revocations.RevokeAsync(new RevocationEntry(new RevocationKey(RevocationKind.Token, grant.Issuer, grant.Id)) { Until = grant.EndsAt, Source = AccessCredentials.PolicyName });
        return true;
    }

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
            Policy = policy,
            Time = time,
            ExposedClaims = proven.ExposedClaims,
            Facts = proven.Facts,
            IssuedAt = now,
            EndsAt = now + plan.Settings.ApprovalTimeout,
        };
        if (policy.Approvers.Count == 0)
        {
            AccessBook.Issue(given, plan.Settings.UseWithin, now);
        }

        if (_book.TryAdd(given, plan.Settings.MaxGrants, plan.Settings.MaxGrantsPerSubject, now) is { } full)
        {
            return full;
        }

        grant = given;
        return null;
    }

    private static async Task<(TokenDecision Decision, Func<AccessGrant, bool> IsTheirs)?> WhoseAsync(AccessCaller caller, TokenAuthenticator authenticator, DateTimeOffset now)
    {
        var (decision, proven) = await authenticator.ProveAsync(caller.Token, now, caller.Address);
        if (decision.Outcome == TokenOutcome.RefusedUnproven || proven is null)
        {
            return null;
        }

        var isAdmin = decision is { Outcome: TokenOutcome.Accepted, Console: ConsoleRight.Admin };
        return (decision, grant => isAdmin || (grant.Issuer == decision.Issuer && grant.Subject == decision.Subject) || CanApprove(grant, proven));
    }

    // Four eyes: nobody approves what they have asked for.
    private static bool CanApprove(AccessGrant grant, ProvenToken proven) =>
        grant.Policy.CanApprove(proven.Token.Policy.Name, proven.Token.Claims) && (grant.Issuer != proven.Token.Policy.Name || grant.Subject != proven.Token.Subject);

    private static AccessRecord RecordOf(AccessEvent what, AccessCaller caller, TokenDecision decision) => new()
    {
        Event = what,
        Address = caller.AddressText,
        Issuer = decision.Issuer,
        Subject = decision.Subject,
    };

    private void Record(in AccessRecord record) => _shared.Audit.Record(record);
}
