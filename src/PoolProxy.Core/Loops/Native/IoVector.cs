using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary><c>struct iovec</c>: a piece of memory for one vectored system call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}
