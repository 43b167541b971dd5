using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Uring;

/// <summary><c>struct io_uring_getevents_arg</c>: with IORING_ENTER_EXT_ARG, how long to sleep at most.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct WaitArgument
{
    public ulong SignalMask;
    public uint SignalMaskSize;
    public uint MinWaitMicroseconds;
    public KernelTime* Timeout;
}
