using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using PoolProxy.Core.Authentication.Introspection;
using PoolProxy.Core.Authentication.Keys;
using PoolProxy.Core.Authentication.Revocation;
using PoolProxy.Core.Authentication.Saml;
using PoolProxy.Identity.Revocation;
using PoolProxy.Identity.Rules;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>
/// A token in, a decision out: judged tokens come from the cache at once; others are read, verified and mapped on a worker, which may wait for
/// the issuer's keys. Any thread may call. Owns the issuers' keys.
/// </summary>
internal sealed class TokenAuthenticator : IDisposable
{
    /// <summary>The name that clients reach the console by.</summary>
    public const string ConsoleDatabase = "pgbouncer";

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly TokenDecider _decider;
    private readonly TokenVerdictCache _cache = new();
    private volatile TokenPlan _plan = new([], new RuleBook([]));
    private readonly UsedAssertions _assertions = new();
    private volatile IOwnCredentials? _own;

    /// <param name="policies">Issuers and rules.</param>
    /// <param name="time">The time.</param>
    /// <param name="log">Takes what went wrong with issuers.</param>
    /// <param name="revocations">What was taken back; null where nothing ever is.</param>
    public TokenAuthenticator(TokenPolicies policies, TimeProvider time, ILogger log, RevocationRegistry? revocations = null)
    {
        _decider = new TokenDecider(revocations);
        _time = time;
        _log = log;
        Reload(policies);
    }

    /// <summary>The issuers in use, for SHOW ISSUERS and SHOW JWKS.</summary>
    public IReadOnlyList<PlannedIssuer> Issuers => _plan.Issuers;

    /// <summary>The rules in use and how often each has decided, for SHOW RULES.</summary>
    public IEnumerable<(Rule Rule, RuleHits Hits)> Rules
    {
        get
        {
            TokenPlan plan = _plan;
            return plan.Rules.Rules.Zip(plan.Hits);
        }
    }

    /// <summary>The proxy's own credentials; null where it signs none.</summary>
    public IOwnCredentials? Own
    {
        get => _own;
        set => _own = value;
    }

    /// <summary>Judged tokens that are remembered.</summary>
    public int CachedCount => _cache.Count;

    /// <summary>
    /// Takes new policies. Every issuer's keys are fetched anew; where the source's settings have stayed, the old ones serve until then. A login that waits
    /// for an issuer meanwhile goes on waiting, for the new one where it was changed. Called by one thread at a time.
    /// </summary>
    public void Reload(TokenPolicies policies)
    {
        TokenPlan before = _plan;
        List<PlannedIssuer> issuers = [];
        foreach ((IssuerPolicy policy, KeySourceSettings settings, IntrospectionSettings? introspection) in policies.Issuers)
        {
            IssuerKeys? same = before.Issuers.FirstOrDefault(issuer => issuer.Keys.Settings == settings)?.Keys;
            issuers.Add(new PlannedIssuer(
                policy,
                same is not null && same.Name == policy.Name ? same : new IssuerKeys(policy.Name, settings, SourceOf(settings), _time, _log, same?.Snapshot),
                introspection is null ? null : new Introspector(policy, introspection, _time, _log)));
        }

        // Plan before epoch: a verdict that carries the new epoch was reached under the new plan.
        _plan = new TokenPlan(issuers, policies.Rules, new SamlDesk(policies.Saml, _assertions));
        _cache.Clear();
        foreach (PlannedIssuer issuer in issuers)
        {
            if (before.Issuers.Any(old => old.Keys == issuer.Keys))
            {
                _ = issuer.Keys.RefreshAsync();
            }
            else
            {
                issuer.Keys.Start();
            }
        }

        Dispose(before.Issuers.Where(old => !issuers.Any(issuer => issuer.Keys == old.Keys)).Select(old => (IDisposable)old.Keys));
        Dispose(before.Issuers.Select(old => old.Introspector));
    }

    /// <summary>Forgets judged tokens: something was revoked.</summary>
    public void ForgetVerdicts() => _cache.Clear();

    /// <summary>Decides about a login. A remembered token is decided before this returns.</summary>
    /// <param name="token">The token's text; it is copied if the decision takes longer than the call.</param>
    /// <param name="startupUser">The startup packet's <c>user</c>.</param>
    /// <param name="database">The startup packet's <c>database</c>; <see cref="ConsoleDatabase"/> is the console.</param>
    /// <param name="now">The time by which the token is judged.</param>
    /// <param name="certificate">The SHA-256 of the certificate that the connection has shown, base64url; null for none.</param>
    /// <param name="address">Where the client comes from; null on a Unix socket.</param>
    public ValueTask<TokenDecision> AuthenticateAsync(
        ReadOnlyMemory<byte> token, string startupUser, string database, DateTimeOffset now, string? certificate = null, IPAddress? address = null)
    {
        long epoch = _cache.Epoch;
        TokenPlan plan = _plan;
        if (token.Length > plan.MaxTokenBytes)
        {
            // Before hashing it.
            return new ValueTask<TokenDecision>(TokenDecider.Unproven(new TokenVerdict.Refused(TokenRefusal.TooLong)));
        }

        var target = new LoginTarget(database, database == ConsoleDatabase);
        var bearer = new TokenBearer(startupUser, certificate, address);
        TokenDigest digest = TokenDigest.Of(token.Span);
        // A key that the issuer has taken back, or that has become too old, no longer vouches.
        if (_cache.TryGet(digest, now, out ProvenToken? proven)
            && (proven.Token.Key is not { } key || (proven.Issuer.Keys.Current is { } keys && keys.Holds(key))))
        {
            return proven.Recall(target) is { } candidates
                ? new ValueTask<TokenDecision>(_decider.Decide(proven, candidates, bearer, target, now) with { IsFromCache = true })
                : new ValueTask<TokenDecision>(Task.Run(
                    () => _decider.Decide(proven, proven.AskRules(target), bearer, target, now) with { IsFromCache = true }));
        }

        byte[] copy = token.ToArray();
        return new ValueTask<TokenDecision>(Task.Run(async () =>
        {
            try
            {
                (TokenDecision decision, _) = await JudgeAsync(plan, copy, digest, epoch, bearer, target, now);

                // A RELOAD has taken away whom it was waiting for: that is no reason to refuse it.
                for (TokenPlan newer = _plan; decision.IsIssuersFault && newer != plan; newer = _plan)
                {
                    plan = newer;
                    (decision, _) = await JudgeAsync(plan, copy, digest, _cache.Epoch, bearer, target, now);
                }

                return decision;
            }
            finally
            {
                CryptographicOperations.ZeroMemory(copy);
            }
        }));
    }

    /// <summary>Some issuer is asked about opaque tokens.</summary>
    public bool AsksIssuers => _plan.Issuers.Any(issuer => issuer.Introspector is not null);

    /// <summary>
    /// Asks again about a session's opaque token, whatever is remembered of it. False where its issuer says that it no longer is what it was: not active, another
    /// subject's, or revoked here. True too where nobody could be asked: an issuer that is away ends nobody.
    /// </summary>
    public async Task<bool> IsStillGoodAsync(ReadOnlyMemory<byte> text, TokenFacts facts, DateTimeOffset now)
    {
        TokenVerdict verdict = await TokenVerification.RunAsync(_plan, text, TokenDigest.Of(text.Span), now);
        if (verdict is TokenVerdict.Accepted { Token: var token })
        {
            return token.Policy.Name == facts.Issuer && token.Subject == facts.Subject;
        }

        return verdict is TokenVerdict.Refused
        {
            Reason: TokenRefusal.IntrospectionFailed or TokenRefusal.IntrospectionBusy or TokenRefusal.IntrospectionMalformed or TokenRefusal.NotThreeParts,
        };
    }

    /// <summary>
    /// Judges who shows a token over HTTP, and what of the console it opens: for those who decide by policies of their own. The token is null where it proves nothing. Not
    /// remembered, and none of the proxy's own credentials.
    /// </summary>
    public Task<(TokenDecision Decision, ProvenToken? Proven)> ProveAsync(ReadOnlyMemory<byte> token, DateTimeOffset now, IPAddress address)
    {
        TokenPlan plan = _plan;
        return token.Length > plan.MaxTokenBytes
            ? Task.FromResult<(TokenDecision, ProvenToken?)>((TokenDecider.Unproven(new TokenVerdict.Refused(TokenRefusal.TooLong)), null))
            : Task.Run(() => JudgeAsync(plan, token, TokenDigest.Of(token.Span), epoch: -1, new TokenBearer("", Address: address), new LoginTarget(ConsoleDatabase, IsConsole: true), now));
    }

    /// <summary>Decides as <see cref="AuthenticateAsync"/> would, always judging anew, and says what each rule made of the claims.</summary>
    public async Task<TokenExplanation> ExplainAsync(
        ReadOnlyMemory<byte> token, string startupUser, string database, DateTimeOffset now, string? certificate = null, IPAddress? address = null)
    {
        var bearer = new TokenBearer(startupUser, certificate, address);
        TokenPlan plan = _plan;
        var target = new LoginTarget(database, database == ConsoleDatabase);
        (TokenDecision decision, ProvenToken? proven) =
            await Task.Run(() => JudgeAsync(plan, token, TokenDigest.Of(token.Span), epoch: -1, bearer, target, now));
        return new TokenExplanation(
            decision, proven is null ? [] : plan.Rules.Explain(proven.Token.Policy.Name, proven.Token.Claims, target, new Circumstances(bearer.Address, now)));
    }

    /// <summary>
    /// What the rules in force say of a login of before, as it was made but for the time; null where its issuer is there no more. May take as long as the rules'
    /// patterns: on a worker.
    /// </summary>
    /// <param name="login">The login.</param>
    /// <param name="since">When it was made.</param>
    public TokenDecision? JudgeAgain(JudgedLogin login, DateTimeOffset since)
    {
        TokenPlan plan = _plan;
        ProvenToken before = login.Token;
        if (!plan.ByIssuer.TryGetValue(before.Token.Policy.Issuer, out PlannedIssuer? issuer))
        {
            return null;
        }

        var proven = new ProvenToken(before.Token, before.ExposedClaims, issuer, before.Limits, plan);
        return _decider.Decide(proven, proven.AskRules(login.Target), login.Bearer, login.Target, _time.GetUtcNow(), since, isLogin: false);
    }

    /// <summary>Stops asking issuers.</summary>
    public void Dispose() => Dispose(_plan.Issuers.SelectMany(issuer => (IEnumerable<IDisposable?>)[issuer.Keys, issuer.Introspector]));

    private static void Dispose(IEnumerable<IDisposable?> parts)
    {
        foreach (IDisposable? part in parts)
        {
            part?.Dispose();
        }
    }

    private IKeySource SourceOf(KeySourceSettings settings) => 
        settings.HasNone ? new NoKeySource() : settings.JwksFile is null ? new HttpKeySource(settings, _time) : new FileKeySource(settings);

    private async Task<(TokenDecision Decision, ProvenToken? Proven)> JudgeAsync(
        TokenPlan plan, ReadOnlyMemory<byte> token, TokenDigest digest, long epoch, TokenBearer bearer, LoginTarget target, DateTimeOffset now)
    {
        // Never for an explanation, which must not use one up.
        if (epoch >= 0 && _own?.Redeem(token, bearer, target, now) is { } redeemed)
        {
            return (redeemed, null);
        }

        TokenVerdict verdict = await TokenVerification.RunAsync(plan, token, digest, now);
        if (verdict is not TokenVerdict.Accepted { Token: var verified })
        {
            return (TokenDecider.Unproven((TokenVerdict.Refused)verdict), null);
        }

        if (!verified.Claims.TryExpose(verified.Policy.ExposedClaims, out string? exposedClaims))
        {
            return (TokenDecider.Unproven(new TokenVerdict.Refused(TokenRefusal.ClaimsTooLarge, verified.Policy.Name, verified.Subject, verified.TokenId)), null);
        }

        RuleLimits? limits = RuleLimits.None;
        if (verified.Policy.LimitsClaim is { } path)
        {
            ClaimedLimits.TryRead(verified.Claims, path, out limits);
        }

        var proven = new ProvenToken(verified, exposedClaims, plan.ByIssuer[verified.Policy.Issuer], limits, plan);
        RuleCandidates candidates = proven.AskRules(target);
        if (verified.ReusableUntil > now)
        {
            _cache.Add(digest, proven, epoch);
        }

        return (_decider.Decide(proven, candidates, bearer, target, now, isLogin: epoch >= 0), proven);
    }
}
