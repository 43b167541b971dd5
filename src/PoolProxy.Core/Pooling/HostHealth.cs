using PoolProxy.Configuration.Model;
using PoolProxy.Core.Backend;

namespace PoolProxy.Core.Pooling;

/// <summary>
/// How one host fares, over all pools and loops: whether it said it is a primary and of which timeline, and since when it does not answer. Learned from
/// logins and from active checks; whoever asks first spares the others the question. That transactions of a primary are read-only is not the host's: it may be
/// set for one login or database, and so each pool remembers it for itself. Its gate is held for moments. Any thread.
/// </summary>
internal sealed class HostHealth(ServerAddress address)
{
    /// <summary>A host that did not answer once may have had a bad moment; one that did not twice is down.</summary>
    private const int FailuresOfDown = 2;

    /// <summary>A host that has not answered so often in a row, and for so long, may be gone for good: its timeline keeps no other primary out any more.</summary>
    private const int FailuresOfLost = 10;
    private const int LostMilliseconds = 60_000;

    /// <summary>How soon a host is tried again after the first failure; twice as late after each further one.</summary>
    private const int FirstBackOffMilliseconds = 100;

    /// <summary>Who takes longer to find out about a host keeps others off it no more: what holds it up may be its own.</summary>
    private const int LongestAttemptMilliseconds = 5000;

    /// <summary>A host that is there but is not what is asked for is asked again this soon: it may be promoted at any moment.</summary>
    public const int UnfitMilliseconds = 250;

    private readonly Lock _gate = new();
    private HostNature? _nature;
    private long _answeredMilliseconds = long.MinValue;
    private long _contactMilliseconds = long.MinValue;
    private long _retryMilliseconds = long.MinValue;
    private long _failingSinceMilliseconds;
    private int _failures;
    private bool _isLost;
    private string _lastFailure = "";
    private long? _askedSinceMilliseconds;

    public ServerAddress Address { get; } = address;

    public HostReport Report
    {
        get
        {
            lock (_gate)
            {
                return new HostReport(_nature, _failures >= FailuresOfDown, _failures, _lastFailure, _answeredMilliseconds, _retryMilliseconds, _isLost);
            }
        }
    }

    /// <summary>It has answered, and said what it is. True when that is news.</summary>
    public bool Answered(HostNature nature, long nowMilliseconds)
    {
        lock (_gate)
        {
            // What a login has not told is still what was told before.
            var timeline = nature.Timeline == 0 && _nature is { } known && known.IsInRecovery == nature.IsInRecovery ? known.Timeline : nature.Timeline;
            var told = nature.IsOneOfMany ? null : nature with { IsReadOnly = nature.IsInRecovery, Timeline = timeline };
            var isNews = _failures > 0 || _nature != told;
            (_nature, _failures, _retryMilliseconds, _isLost) = (told, 0, long.MinValue, false);
            _answeredMilliseconds = _contactMilliseconds = nowMilliseconds;
            return isNews;
        }
    }

    /// <summary>It refused a login by itself: it is there, and what it is stays as it was known. True when that it is there is news.</summary>
    public bool Refused(long nowMilliseconds)
    {
        lock (_gate)
        {
            var isNews = _failures > 0;
            (_failures, _retryMilliseconds, _contactMilliseconds) = (0, long.MinValue, nowMilliseconds);
            return isNews;
        }
    }

    /// <summary>
    /// It did not answer. It is left alone for a while, at most for <paramref name="mostMilliseconds"/>, and by <paramref name="jitter"/> (0 to 1) not in step
    /// with other proxies. True when it counts as down from now on, or as lost.
    /// </summary>
    public bool Failed(string reason, long mostMilliseconds, double jitter, long nowMilliseconds)
    {
        lock (_gate)
        {
            _failingSinceMilliseconds = _failures == 0 ? nowMilliseconds : _failingSinceMilliseconds;
            _failures++;
            var isLostNow = !_isLost && _failures >= FailuresOfLost && nowMilliseconds - _failingSinceMilliseconds >= LostMilliseconds;
            _isLost |= isLostNow;
            _lastFailure = reason;
            _contactMilliseconds = nowMilliseconds;
            var backOff = Math.Min(Math.Max(mostMilliseconds, 1), (long)FirstBackOffMilliseconds << Math.Min(_failures - 1, 10));
            _retryMilliseconds = nowMilliseconds + (long)(backOff * (0.75 + (jitter / 2)));
            return _failures == FailuresOfDown || isLostNow;
        }
    }

    /// <summary>The administrator wants what there is (RECONNECT): if it does not answer just now, its timeline keeps nobody out. True when that is news.</summary>
    public bool GiveUp()
    {
        lock (_gate)
        {
            var isNews = _failures > 0 && !_isLost;
            _isLost |= isNews;
            return isNews;
        }
    }

    /// <summary>A check is due and nobody else does it: the caller does, and says when it is done. A login within the period is as good as a check.</summary>
    public bool TryBeginCheck(long periodMilliseconds, long nowMilliseconds)
    {
        lock (_gate)
        {
            if (IsAsked(nowMilliseconds) || nowMilliseconds < _retryMilliseconds || (_contactMilliseconds > long.MinValue && nowMilliseconds - _contactMilliseconds < periodMilliseconds))
            {
                return false;
            }

            _askedSinceMilliseconds = nowMilliseconds;
            return true;
        }
    }

    /// <summary>
    /// One at a time finds out about a host that is not fit: the caller, who says when it is done (<see cref="EndAttempt"/>); false where somebody else is at it, by a login
    /// or a check, of which every pool that has the host will be told.
    /// </summary>
    public bool TryBeginAttempt(long nowMilliseconds)
    {
        lock (_gate)
        {
            if (IsAsked(nowMilliseconds))
            {
                return false;
            }

            _askedSinceMilliseconds = nowMilliseconds;
            return true;
        }
    }

    /// <summary>The check or attempt is over, and what came of it is noted.</summary>
    public void EndAttempt()
    {
        lock (_gate)
        {
            _askedSinceMilliseconds = null;
        }
    }

    private bool IsAsked(long nowMilliseconds) => _askedSinceMilliseconds is { } since && nowMilliseconds - since < LongestAttemptMilliseconds;
}
