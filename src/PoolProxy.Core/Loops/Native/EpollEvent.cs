using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary>
/// Reads and writes <c>struct epoll_event</c> as bytes, because its layout depends on the machine: the kernel packs it on x64 (12 bytes, data at
/// 4) and aligns it elsewhere (16 bytes, data at 8). See <c>EPOLL_PACKED</c> in the kernel's <c>eventpoll.h</c>.
/// </summary>
internal static unsafe class EpollEvent
{
    private static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>The size of one event here, in bytes.</summary>
    public static readonly int SizeBytes = IsPacked ? 12 : 16;

    /// <summary>The largest size of one event on any machine.</summary>
    public const int LargestSizeBytes = 16;

    private static readonly int DataOffset = IsPacked ? 4 : 8;

    public static uint EventsOf(byte* epollEvent) => Unsafe.ReadUnaligned<uint>(epollEvent);

    public static ulong DataOf(byte* epollEvent) => Unsafe.ReadUnaligned<ulong>(epollEvent + DataOffset);

    public static void Write(byte* epollEvent, uint events, ulong data)
    {
        Unsafe.WriteUnaligned(epollEvent, events);
        Unsafe.WriteUnaligned(epollEvent + DataOffset, data);
    }
}
