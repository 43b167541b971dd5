using System.Diagnostics.CodeAnalysis;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>
/// Good tokens that were judged before, so that a reconnect costs a hash and not a signature check. Keyed by the token's SHA-256; an entry
/// lives until the token's <c>exp</c>, without skew or grace, or, where its issuer was asked about it, until it has to be asked again. At most <paramref name="capacity"/> entries, in two generations: when the young
/// one is half of that, the old one is dropped and the young one becomes it. Any thread may call.
/// </summary>
/// <param name="capacity">The most entries kept; at least 2.</param>
internal sealed class TokenVerdictCache(int capacity = TokenVerdictCache.DefaultCapacity)
{
    /// <summary>At 2 to 4 KiB of claims a token, some 16 MiB when full.</summary>
    public const int DefaultCapacity = 4096;

    private readonly Lock _gate = new();
    private Dictionary<TokenDigest, ProvenToken> _young = [];
    private Dictionary<TokenDigest, ProvenToken> _old = [];
    private long _epoch;

    /// <summary>Grows with each <see cref="Clear"/>: take it before judging, hand it to <see cref="Add"/>.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>Entries of both generations.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _young.Count + _old.Count;
            }
        }
    }

    /// <summary>The judged token, if its verdict may still be used.</summary>
    public bool TryGet(TokenDigest digest, DateTimeOffset now, [NotNullWhen(true)] out ProvenToken? proven)
    {
        lock (_gate)
        {
            if (!_young.TryGetValue(digest, out proven) && _old.Remove(digest, out proven))
            {
                AddToYoung(digest, proven);
            }

            if (proven is not null && now >= proven.Token.ReusableUntil)
            {
                _young.Remove(digest);
                proven = null;
            }

            return proven is not null;
        }
    }

    /// <summary>Keeps <paramref name="proven"/>, unless <see cref="Clear"/> was called since <paramref name="epoch"/> was read: it would carry what was cleared past it.</summary>
    public void Add(TokenDigest digest, ProvenToken proven, long epoch)
    {
        lock (_gate)
        {
            if (epoch == _epoch)
            {
                _old.Remove(digest);
                AddToYoung(digest, proven);
            }
        }
    }

    /// <summary>Forgets everything: rules, issuers or revocations have changed.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _epoch++;
            _young = [];
            _old = [];
        }
    }

    private void AddToYoung(TokenDigest digest, ProvenToken proven)
    {
        if (_young.Count >= capacity / 2 && !_young.ContainsKey(digest))
        {
            _old = _young;
            _young = [];
        }

        _young[digest] = proven;
    }
}
