namespace PoolProxy.Core.Loops;

/// <summary>
/// The name of something an engine watches: a slot and the generation that slot was in. Descriptors are reused by the kernel at once, so
/// events carry this instead, and one whose generation has passed is dropped.
/// </summary>
internal readonly record struct SocketId(int Slot, uint Generation)
{
    /// <summary>Generations have this many bits: above them an engine keeps what the event is about.</summary>
    internal const int GenerationBits = 28;

    private const uint GenerationMask = (1u << GenerationBits) - 1;

    /// <summary>The generation after this one.</summary>
    internal static uint NextGeneration(uint generation) => (generation + 1) & GenerationMask;

    internal ulong ToUserData(byte tag = 0) => ((ulong)tag << (32 + GenerationBits)) | ((ulong)Generation << 32) | (uint)Slot;

    internal static SocketId FromUserData(ulong data) => new((int)(uint)data, (uint)(data >> 32) & GenerationMask);

    internal static byte TagOf(ulong data) => (byte)(data >> (32 + GenerationBits));
}
