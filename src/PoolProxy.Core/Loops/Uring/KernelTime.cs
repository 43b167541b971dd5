using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Uring;

/// <summary><c>struct __kernel_timespec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelTime
{
    public long Seconds;
    public long Nanoseconds;

    public static KernelTime FromMilliseconds(int milliseconds) => new()
    {
        Seconds = milliseconds / 1000,
        Nanoseconds = milliseconds % 1000 * 1_000_000L,
    };
}
