using PoolProxy.Core.Authentication.Methods;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Errors;
using PoolProxy.Identity.Revocation;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// Asks issuers again about the opaque tokens of sessions that are in, each after its <c>introspection_ttl</c>, and ends the sessions of those that are no longer good.
/// Sessions with one token share a question. Questions run on workers, as many at a time as the issuer's <c>introspection_concurrency</c> allows; what is not asked in
/// time is asked later. Loops only hand over copies, and end their own.
/// </summary>
internal sealed class SessionRecheck(SharedServices shared, Func<TokenAuthenticator?> tokens, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Tokens under way at a time, below what an introspector lets wait, so that logins find room beside them.</summary>
    private const int AtOnce = 64;

    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _end = new();
    private Task? _running;

    /// <summary>A configuration came into force. Where no issuer is to be asked nothing runs.</summary>
    public void Apply()
    {
        if (tokens() is { AsksIssuers: true })
        {
            _running ??= Task.Run(RunAsync);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        if (_running is { } running)
        {
            await running;
        }

        _end.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                if (tokens() is { AsksIssuers: true } authenticator)
                {
                    var due = await shared.AskEachAsync(TakeDue).WaitAsync(_end.Token);
                    var byToken = due.SelectMany(own => own).GroupBy(session => TokenDigest.Of(session.Text));
                    await Parallel.ForEachAsync(
                        byToken, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = _end.Token }, (sessions, _) => AskAsync(authenticator, [.. sessions]));
                }
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The proxy goes down.
        }
    }

    private async ValueTask AskAsync(TokenAuthenticator authenticator, DueSession[] sessions)
    {
        try
        {
            if (await authenticator.IsStillGoodAsync(sessions[0].Text, sessions[0].Facts, time.GetUtcNow()))
            {
                return;
            }

            // A login by it would find it remembered.
            authenticator.ForgetVerdicts();
            foreach (var session in sessions)
            {
                session.Services.Loop.Post(static state => ((DueSession)state!).End(), session);
            }
        }
        finally
        {
            foreach (var session in sessions)
            {
                Array.Clear(session.Text);
            }
        }
    }

    private static List<DueSession> TakeDue(FrontendServices services)
    {
        var now = services.Loop.NowMilliseconds;
        var due = new List<DueSession>();
        foreach (var session in services.Clients.All)
        {
            if (session is { Asked: { } asked, Proof.Facts: { } facts } && asked.DueMilliseconds <= now)
            {
                asked.DueMilliseconds = now + (long)asked.Interval.TotalMilliseconds;
                due.Add(new DueSession(services, session, asked, facts, asked.Text.ToArray()));
            }
        }

        return due;
    }

    /// <summary>A session whose token is asked about, with a copy of that.</summary>
    private sealed class DueSession(FrontendServices services, ClientSession session, AskedToken asked, TokenFacts facts, byte[] text)
    {
        public FrontendServices Services { get; } = services;

        public TokenFacts Facts { get; } = facts;

        public byte[] Text { get; } = text;

        /// <summary>On its loop; not if it rests on another token by now.</summary>
        public void End()
        {
            if (ReferenceEquals(session.Asked, asked))
            {
                session.End(ProxyErrors.TokenRevoked);
            }
        }
    }
}
