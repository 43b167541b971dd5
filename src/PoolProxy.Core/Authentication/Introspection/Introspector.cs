using Microsoft.Extensions.Logging;
using PoolProxy.Core.Authentication.Tokens;
using PoolProxy.Core.Telemetry;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Authentication.Introspection;

/// <summary>
/// Asks one issuer about opaque tokens (RFC 7662): one question a token at a time, whoever waits for it; a bounded number of questions at a time, and a bounded
/// number of tokens that wait. Whatever goes wrong is a refusal, and none but a plain "not active" is remembered. Good answers are remembered by
/// <see cref="TokenVerdictCache"/>. Any thread may call; questions run on workers.
/// </summary>
internal sealed class Introspector : IDisposable
{
    /// <summary>Tokens under way or waiting for their turn; one more is refused at once.</summary>
    public const int MaxWaiting = 256;

    /// <summary>Tokens that are remembered as not active.</summary>
    private const int MaxInactive = 4096;

    private readonly IssuerPolicy _policy;
    private readonly IntrospectionSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IntrospectionCall _call;
    private readonly SemaphoreSlim _turns;
    private readonly Lock _gate = new();
    private readonly Dictionary<TokenDigest, Task<IntrospectionAnswer>> _underWay = [];
    private readonly ExpiringSet<TokenDigest> _inactive;
    private string? _lastFault;
    private bool _isDisposed;

    public Introspector(IssuerPolicy policy, IntrospectionSettings settings, TimeProvider time, ILogger log)
    {
        _policy = policy;
        _settings = settings;
        _time = time;
        _log = log;
        _call = new IntrospectionCall(settings, time);
        _turns = new SemaphoreSlim(settings.Concurrency);
        _inactive = new ExpiringSet<TokenDigest>(MaxInactive, settings.NegativeTtl, time);
    }

    /// <summary>How its questions are put, and which tokens are its own.</summary>
    public QuestionForm Question => _settings.Question;

    /// <summary>Tokens under way or waiting for their turn.</summary>
    public int WaitingCount
    {
        get
        {
            lock (_gate)
            {
                return _underWay.Count;
            }
        }
    }

    /// <summary>Why the last question failed; null when it did not. A sentence, for SHOW ISSUERS.</summary>
    public string? LastFault
    {
        get
        {
            lock (_gate)
            {
                return _lastFault;
            }
        }
    }

    /// <summary>How long an answer serves, and after which a session's token is asked about again.</summary>
    public TimeSpan Ttl => _settings.Ttl;

    /// <summary>Accepted or refused: asks, or waits for whoever asks about the same token.</summary>
    /// <param name="token">The token; it must stay until the task has ended.</param>
    /// <param name="digest">Its digest.</param>
    /// <param name="now">The time by which it is judged.</param>
    public async Task<TokenVerdict> VerifyAsync(ReadOnlyMemory<byte> token, TokenDigest digest, DateTimeOffset now)
    {
        if (token.Length > _policy.MaxTokenBytes)
        {
            return new TokenVerdict.Refused(TokenRefusal.TooLong, _policy.Name);
        }

        Task<IntrospectionAnswer>? underWay;
        lock (_gate)
        {
            if (_inactive.Contains(digest))
            {
                return new TokenVerdict.Refused(TokenRefusal.Inactive, _policy.Name);
            }

            if (!_underWay.TryGetValue(digest, out underWay))
            {
                if (_isDisposed || _underWay.Count >= MaxWaiting)
                {
                    return new TokenVerdict.Refused(_isDisposed ? TokenRefusal.IntrospectionFailed : TokenRefusal.IntrospectionBusy, _policy.Name);
                }

                // A copy: who asked first may be gone before the last who waits.
                byte[] copy = token.ToArray();
                underWay = Task.Run(() => AskAsync(copy, digest));
                _underWay.Add(digest, underWay);
            }
        }

        IntrospectionAnswer answer = await underWay;
        if (answer.Fault is not null)
        {
            return new TokenVerdict.Refused(TokenRefusal.IntrospectionFailed, _policy.Name);
        }

        TokenVerdict verdict = IntrospectionValidator.Validate(answer.Body, _policy, now, _settings.Ttl);
        if (verdict is TokenVerdict.Refused { Reason: TokenRefusal.Inactive })
        {
            lock (_gate)
            {
                _inactive.Add(digest);
            }
        }

        return verdict;
    }

    /// <summary>No new questions; those under way are answered.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            DisposeIfDone();
        }
    }

    private async Task<IntrospectionAnswer> AskAsync(byte[] token, TokenDigest digest)
    {
        IntrospectionAnswer answer;
        using var timeout = new CancellationTokenSource(_settings.Timeout, _time);
        try
        {
            await _turns.WaitAsync(timeout.Token);
            try
            {
                answer = await _call.AskAsync(token, timeout.Token);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (OperationCanceledException)
        {
            answer = IntrospectionAnswer.Failed($"No complete answer within {_settings.Timeout.TotalSeconds:0.###} s.");
        }
        catch (Exception exception)
        {
            // The outermost step of a question: whoever waits must get an answer. Its type says enough; its text could hold anything.
            answer = IntrospectionAnswer.Failed($"The question broke off: {exception.GetType().Name}.");
        }
        finally
        {
            Array.Clear(token);
        }

        Settle(digest, answer);
        return answer;
    }

    private void Settle(TokenDigest digest, IntrospectionAnswer answer)
    {
        bool isNews;
        lock (_gate)
        {
            _underWay.Remove(digest);
            isNews = answer.Fault is not null && answer.Fault != _lastFault;
            _lastFault = answer.Fault;
            DisposeIfDone();
        }

        if (isNews)
        {
            // Once a cause, not once a login.
            _log.IntrospectionFailed(_policy.Name, answer.Fault!);
        }
    }

    // Under the gate.
    private void DisposeIfDone()
    {
        if (_isDisposed && _underWay.Count == 0)
        {
            _call.Dispose();
            _turns.Dispose();
        }
    }
}
