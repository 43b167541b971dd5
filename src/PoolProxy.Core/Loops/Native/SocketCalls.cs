using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary>
/// The two system calls that every message costs, without what surrounds them: the C library's <c>recv</c> and <c>sendmsg</c> are thread
/// cancellation points (two atomic operations a call), and a usual P/Invoke leaves and enters the runtime's managed state and keeps the
/// errno of every call. <c>syscall(2)</c> does none of it. Only for sockets and flags that never block: a garbage collection waits
/// meanwhile. A result below zero means that <see cref="LastError"/> has the errno, if asked at once.
/// </summary>
internal static unsafe partial class SocketCalls
{
    private static readonly nint _receiveNumber = Number(x64: 45, arm64: 207);
    private static readonly nint _sendNumber = Number(x64: 44, arm64: 206);
    private static readonly nint _sendMessageNumber = Number(x64: 46, arm64: 211);

    /// <summary>The errno of the call just made on this thread.</summary>
    public static int LastError => *__errno_location();

    /// <summary>recvfrom(2) with MSG_DONTWAIT: the bytes received, 0 at the end of the stream.</summary>
    public static nint Receive(int descriptor, byte* buffer, nuint length) =>
        syscall(_receiveNumber, descriptor, buffer, length, Libc.MSG_DONTWAIT, null, null);

    /// <summary>Sends one vector with sendto(2), more with sendmsg(2); never blocks, never raises SIGPIPE: the bytes taken.</summary>
    public static nint Send(int descriptor, IoVector* vectors, int count)
    {
        const nuint Flags = Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT;
        if (count == 1)
        {
            return syscall(_sendNumber, descriptor, vectors->Base, vectors->Length, Flags, null, null);
        }

        var header = new MessageHeader { Vectors = vectors, VectorCount = (nuint)count };
        return syscall(_sendMessageNumber, descriptor, &header, Flags, 0, null, null);
    }

    private static nint Number(int x64, int arm64) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 => arm64,
        var other => throw new PlatformNotSupportedException($"PoolProxy runs on Linux on x64 and arm64, not on {other}."),
    };

    // The function is variadic in C; on both architectures integers and pointers travel in the same registers as for a fixed list.
    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial nint syscall(nint number, nint descriptor, void* data, nuint length, nuint flags, void* address, void* addressLength);

    [LibraryImport("libc")]
    [SuppressGCTransition]
    private static partial int* __errno_location();
}
