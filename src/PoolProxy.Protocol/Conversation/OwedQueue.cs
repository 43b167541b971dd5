using System.Diagnostics;

namespace PoolProxy.Protocol.Conversation;

/// <summary>
/// The entries in the order in which they are answered, and how many at the front never will be, because the server skips from
/// an error to the next Sync. A mutable struct of its <see cref="Conversation"/>.
/// </summary>
internal struct OwedQueue
{
    private readonly OwedRing _ring;
    private int _skipped;

    /// <summary>An empty queue.</summary>
    public OwedQueue() => _ring = new OwedRing();

    /// <summary>All entries, skipped ones in front.</summary>
    public readonly OwedRing Ring => _ring;

    /// <summary>Whether the server skips what is sent to it now: an error came, and no Sync is under way.</summary>
    public bool AwaitsSync { get; private set; }

    /// <summary>Whether the next entries will not be answered: see <see cref="TryTakeSkipped"/>.</summary>
    public readonly bool HasSkipped => _skipped != 0;

    /// <summary>Takes the oldest entry; there must be one. Markers of COPY behind it go with it.</summary>
    public readonly Owed TakeHead()
    {
        Owed head = _ring.Take();
        while (_ring.Count != 0 && _ring.Head.Kind == OwedKind.CopyEnd)
            _ring.Take();
        return head;
    }

    /// <inheritdoc cref="Conversation.TryTakeSkipped"/>
    public bool TryTakeSkipped(out Owed skipped)
    {
        while (_skipped != 0)
        {
            _skipped--;
            skipped = _ring.Take();
            if (skipped.Kind != OwedKind.CopyEnd)
                return true;
        }

        skipped = default;
        return false;
    }

    /// <inheritdoc cref="Conversation.TryTakeLost"/>
    public bool TryTakeLost(out Owed lost)
    {
        _skipped = 0;
        if (_ring.Count == 0)
        {
            lost = default;
            return false;
        }

        lost = _ring.Take();
        return true;
    }

    /// <inheritdoc cref="Conversation.TryTakeMade"/>
    public readonly bool TryTakeMade(out Owed made)
    {
        if (_skipped == 0 && _ring.Count != 0 && _ring.Head.Origin == OwedOrigin.Made)
        {
            made = TakeHead();
            return true;
        }

        made = default;
        return false;
    }

    /// <summary>The caller has left skipped entries behind.</summary>
    public void DropSkipped()
    {
        Debug.Fail("skipped entries were not taken");
        while (TryTakeSkipped(out _))
        {
        }
    }

    /// <summary>An error came in extended protocol: everything up to the next Sync goes unanswered.</summary>
    public void SkipToSync()
    {
        int count = _ring.Count;
        int skipped = 0;
        while (skipped < count && _ring[skipped].Kind != OwedKind.Sync)
            skipped++;
        _skipped = skipped;
        AwaitsSync = skipped == count;
    }

    /// <summary>A message is sent while the server skips; answers whether it is recorded.</summary>
    public bool AdmitsSkipped(OwedKind kind)
    {
        if (kind == OwedKind.CopyEnd)
            return false;
        if (kind == OwedKind.Sync)
            AwaitsSync = false;
        else
            _skipped++;
        return true;
    }

    /// <summary>A ReadyForQuery came although no Sync was known to be under way: the server skips no more.</summary>
    public void SyncAnswered() => AwaitsSync = false;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _ring.Clear();
        _skipped = 0;
        AwaitsSync = false;
    }
}
