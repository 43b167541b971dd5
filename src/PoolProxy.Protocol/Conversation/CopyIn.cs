namespace PoolProxy.Protocol.Conversation;

/// <summary>
/// Where a server stands with a COPY FROM STDIN, and what became of the Syncs that were sent into it. A mutable struct of its
/// <see cref="Conversation"/>.
/// </summary>
/// <remarks>
/// protocol-flow.html#PROTOCOL-COPY: Flush and Sync are ignored in copy-in mode, for clients that send them behind every
/// Execute; any other message that is not part of COPY is an error. Made ones the server never sees.
/// </remarks>
internal struct CopyIn
{
    private int _ignoredSyncs;

    /// <summary>How far the server is.</summary>
    public CopyPhase Phase { get; private set; }

    /// <inheritdoc cref="Conversation.IsUncertain"/>
    public bool IsUncertain { get; private set; }

    /// <summary>CopyInResponse has come: what was sent behind the head of the ring already is part of the COPY, or ends it.</summary>
    public void Begin(OwedRing ring)
    {
        int end = 1;
        while (end < ring.Count && (ring[end].Kind == OwedKind.Sync || ring[end].Origin == OwedOrigin.Made))
            end++;
        Phase = end == ring.Count ? CopyPhase.Reading : CopyPhase.Ending;
        _ignoredSyncs += ring.RemoveKind(OwedKind.Sync, end);
    }

    /// <summary>A message is sent while the server reads; answers whether it is recorded: a Sync is not.</summary>
    public bool Admits(OwedKind kind)
    {
        if (kind == OwedKind.Sync)
        {
            _ignoredSyncs++;
            return false;
        }

        Phase = CopyPhase.Ending;
        return true;
    }

    /// <summary>The COPY succeeded: so the server has read its CopyDone, and every Sync before that. False if there was none.</summary>
    public bool TryEnd(OwedRing ring)
    {
        int index = 1;
        while (index < ring.Count && ring[index].Origin == OwedOrigin.Made)
            index++;
        if (index == ring.Count || ring[index].Kind != OwedKind.CopyEnd)
            return false;

        // Taken out now, for the next COPY of the same Query ends at the next marker.
        ring.RemoveAt(index);
        _ignoredSyncs = 0;
        Phase = CopyPhase.None;
        return true;
    }

    /// <summary>The COPY failed. Whether the server saw the Syncs before or after that, nobody knows.</summary>
    public void Abandon()
    {
        IsUncertain |= _ignoredSyncs != 0;
        _ignoredSyncs = 0;
        Phase = CopyPhase.None;
    }

    /// <summary>Something that was sent behind those Syncs was answered: no answer to them is to come any more.</summary>
    public void BecomeCertain() => IsUncertain = false;
}
