namespace PoolProxy.Core.Loops;

/// <summary>
/// A lease on bytes that an engine has received: the memory is the engine's and valid until the callback returns, unless it was put into a
/// <see cref="SegmentList"/> and sent (the engine then keeps or copies what the peer does not take at once).
/// </summary>
internal readonly unsafe ref struct ReceivedBytes(byte* pointer, int length, int bufferId)
{
    /// <summary>The <see cref="BufferId"/> of memory that no engine can hold back: it must be copied to be kept.</summary>
    public const int NotRetainable = -1;

    public byte* Pointer { get; } = pointer;

    /// <summary>How many bytes; at least one when an engine hands them over.</summary>
    public int Length { get; } = length;

    /// <summary>Which of the engine's provided buffers holds them, or <see cref="NotRetainable"/>.</summary>
    public int BufferId { get; } = bufferId;

    public ReadOnlySpan<byte> Span => new(Pointer, Length);
}
