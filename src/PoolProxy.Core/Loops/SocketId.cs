namespace PoolProxy.Core.Loops;

/// <summary>
/// The name of something an engine watches: a slot and the generation that slot was in. Descriptors are reused by the kernel at once, so
/// events carry this instead, and one whose generation has passed is dropped.
/// </summary>
internal readonly record struct SocketId(int Slot, uint Generation)
{
    internal ulong ToUserData() => ((ulong)Generation << 32) | (uint)Slot;

    internal static SocketId FromUserData(ulong data) => new((int)(uint)data, (uint)(data >> 32));
}
