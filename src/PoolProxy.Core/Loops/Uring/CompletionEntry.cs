using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Uring;

/// <summary><c>struct io_uring_cqe</c>: the result of one operation, or one of several of a multishot operation.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CompletionEntry
{
    public ulong UserData;

    /// <summary>A count, or an errno below zero.</summary>
    public int Result;

    public uint Flags;

    /// <summary>The operation goes on and will complete again.</summary>
    public readonly bool HasMore => (Flags & UringConstants.IORING_CQE_F_MORE) != 0;

    /// <summary>The provided buffer that was filled, or <see cref="ReceivedBytes.NotRetainable"/>.</summary>
    public readonly int BufferId => (Flags & UringConstants.IORING_CQE_F_BUFFER) != 0
        ? (int)(Flags >> UringConstants.IORING_CQE_BUFFER_SHIFT)
        : ReceivedBytes.NotRetainable;
}
