using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// The three system calls of io_uring and the mapping of its rings. There is no wrapper in the C library; the numbers are the same on every
/// architecture. A result below zero is −1, and the errno is in <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
internal static unsafe partial class UringCalls
{
    private const nint SetupNumber = 425;
    private const nint EnterNumber = 426;
    private const nint RegisterNumber = 427;

    private const int ReadAndWrite = 3;
    private const int Shared = 1;
    private const int Private = 2;
    private const int Anonymous = 0x20;
    private const int Populate = 0x8000;

    /// <summary>io_uring_setup(2): the ring's descriptor.</summary>
    public static int Setup(uint entries, UringParameters* parameters) =>
        (int)Call(SetupNumber, (nint)entries, (nint)parameters, 0, 0, 0, 0);

    /// <summary>io_uring_enter(2): how many entries were submitted.</summary>
    public static int Enter(int ring, uint submit, uint minComplete, uint flags, WaitArgument* argument) =>
        (int)Call(
            EnterNumber, ring, (nint)submit, (nint)minComplete, (nint)flags, (nint)argument, argument is null ? 0 : sizeof(WaitArgument));

    /// <summary>io_uring_register(2).</summary>
    public static int Register(int ring, uint operation, void* argument, uint count) =>
        (int)Call(RegisterNumber, ring, (nint)operation, (nint)argument, (nint)count, 0, 0);

    /// <summary>Maps a part of the ring; null when the kernel refuses.</summary>
    public static byte* Map(int ring, nuint length, long offset) => Checked(mmap(null, length, ReadAndWrite, Shared | Populate, ring, offset));

    /// <summary>Zeroed pages of our own, touched only as they are used; null when there is no memory.</summary>
    public static byte* Allocate(nuint length) => Checked(mmap(null, length, ReadAndWrite, Private | Anonymous, -1, 0));

    public static void Unmap(byte* address, nuint length)
    {
        if (address is not null)
        {
            _ = munmap(address, length);
        }
    }

    private static byte* Checked(byte* address) => (nint)address == -1 ? null : address;

    // Variadic in C; integers travel in the same registers as for a fixed list on x64 and arm64.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);

    [LibraryImport("libc", SetLastError = true)]
    private static partial byte* mmap(byte* address, nuint length, int protection, int flags, int descriptor, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(byte* address, nuint length);
}
