using System.Diagnostics;
using PoolProxy.Core.Loops.Native;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// Room for the descriptions of sends of several pieces. The kernel has read them when it has taken the submission
/// (IORING_FEAT_SUBMIT_STABLE), so the room is used anew for each.
/// </summary>
internal sealed unsafe class VectorArena
{
    private const int Places = 64;

    private readonly MessageHeader[] _headers = GC.AllocateArray<MessageHeader>(Places, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(Places * SendQueue.VectorsPerSend, pinned: true);
    private int _used;

    /// <summary>Nothing fits any more: the entries made so far must be submitted.</summary>
    public bool IsFull => _used == Places;

    /// <summary>A cleared header and <see cref="SendQueue.VectorsPerSend"/> vectors, until <see cref="Reset"/>.</summary>
    public MessageHeader* Take(out IoVector* vectors)
    {
        Debug.Assert(!IsFull, "asked before");
        var place = _used++;
        fixed (MessageHeader* header = &_headers[place])
        fixed (IoVector* first = &_vectors[place * SendQueue.VectorsPerSend])
        {
            // Pinned for good: the pointers outlive the statement.
            *header = default;
            vectors = first;
            return header;
        }
    }

    /// <summary>Everything taken has been submitted.</summary>
    public void Reset() => _used = 0;
}
