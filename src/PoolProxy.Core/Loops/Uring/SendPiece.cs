namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// A piece of memory on its way to a peer, and whose it is: a provided buffer that is held for it, a pooled buffer of its own, or neither for a
/// constant. Kept by <see cref="SendPieces"/> for the next use.
/// </summary>
internal sealed unsafe class SendPiece
{
    /// <summary>What has not been sent yet.</summary>
    public byte* Pointer { get; set; }

    /// <summary>In bytes.</summary>
    public int Length { get; set; }

    /// <summary>The provided buffer held, or <see cref="ReceivedBytes.NotRetainable"/>.</summary>
    public int BufferId { get; set; }

    /// <summary>The pooled buffer with the copy, or null.</summary>
    public LoopBuffer? Copy { get; set; }

    public SendPiece? Next { get; set; }
}
