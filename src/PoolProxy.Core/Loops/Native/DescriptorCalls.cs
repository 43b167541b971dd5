using System.Runtime.InteropServices;

namespace PoolProxy.Core.Loops.Native;

/// <summary>
/// Descriptors that are not one connection's alone: that pass from one process to another, sent over a Unix socket (unix(7), SCM_RIGHTS) or there from the start, or that a library
/// holds too. Blocking calls, for cold code beside the loops. A result below zero means that <see cref="Libc.LastError"/> has the errno.
/// </summary>
internal static unsafe partial class DescriptorCalls
{
    /// <summary>The most descriptors that one message may bring (SCM_MAX_FD).</summary>
    private const int MostDescriptors = 253;

    private const int SCM_RIGHTS = 1;
    private const int MSG_CTRUNC = 0x8;
    private const int MSG_CMSG_CLOEXEC = 0x40000000;
    private const int F_GETFD = 1;
    private const int F_SETFD = 2;
    private const int F_GETFL = 3;
    private const int F_SETFL = 4;
    private const int F_DUPFD_CLOEXEC = 1030;
    private const int FD_CLOEXEC = 1;
    private const int SHUT_RDWR = 2;

    // struct cmsghdr on 64-bit systems: the length with the header (8 bytes), level, type; then the descriptors. Padded to 8.
    private const int HeaderBytes = 16;

    /// <summary>Sends the bytes and, with the first of them, a descriptor. Never waits.</summary>
    /// <returns>How many bytes were taken.</returns>
    public static nint Send(int socket, ReadOnlySpan<byte> bytes, int descriptor)
    {
        var control = stackalloc long[3];
        control[0] = HeaderBytes + sizeof(int);
        ((int*)control)[2] = Libc.SOL_SOCKET;
        ((int*)control)[3] = SCM_RIGHTS;
        ((int*)control)[4] = descriptor;
        fixed (byte* pointer = bytes)
        {
            var vector = new IoVector { Base = pointer, Length = (nuint)bytes.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = 3 * sizeof(long) };
            return Libc.sendmsg(socket, &message, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
        }
    }

    /// <summary>Waits for bytes, and adds the descriptors that came with them to <paramref name="descriptors"/>; they are not inherited by children.</summary>
    /// <returns>How many bytes came; 0 at the end of the stream.</returns>
    public static nint Receive(int socket, Span<byte> buffer, List<int> descriptors)
    {
        var controlBytes = HeaderBytes + (MostDescriptors * sizeof(int)) + sizeof(int);
        var control = stackalloc byte[controlBytes];
        fixed (byte* pointer = buffer)
        {
            var vector = new IoVector { Base = pointer, Length = (nuint)buffer.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = (nuint)controlBytes };
            nint received;
            do
            {
                received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
            }
            while (received < 0 && Libc.LastError == Errno.EINTR);

            if (received >= 0)
            {
                Collect(control, (int)message.ControlLength, descriptors);
            }

            return received >= 0 && (message.Flags & MSG_CTRUNC) != 0 ? -1 : received;
        }
    }

    /// <summary>A descriptor from elsewhere becomes as our own are: it does not wait, and no child inherits it. Answers the errno; 0 for none.</summary>
    public static int MakeOwn(int descriptor)
    {
        var flags = fcntl(descriptor, F_GETFL, 0);
        var descriptorFlags = fcntl(descriptor, F_GETFD, 0);
        return flags >= 0 && descriptorFlags >= 0
            && fcntl(descriptor, F_SETFL, flags | Libc.SOCK_NONBLOCK) >= 0 && fcntl(descriptor, F_SETFD, descriptorFlags | FD_CLOEXEC) >= 0
            ? 0 : Libc.LastError;
    }

    /// <summary>Another descriptor of the same socket, ours to close.</summary>
    public static int Duplicate(int descriptor) => fcntl(descriptor, F_DUPFD_CLOEXEC, 0);

    /// <summary>Ends a socket's connection both ways, for all of its descriptors: who waits for bytes there is told that there are no more.</summary>
    public static void ShutDown(int socket) => _ = shutdown(socket, SHUT_RDWR);

    private static void Collect(byte* control, int length, List<int> descriptors)
    {
        for (var at = 0; at + HeaderBytes <= length;)
        {
            var bytes = (int)*(long*)(control + at);
            if (bytes < HeaderBytes)
            {
                return;
            }

            if (*(int*)(control + at + 8) == Libc.SOL_SOCKET && *(int*)(control + at + 12) == SCM_RIGHTS)
            {
                for (var data = HeaderBytes; data + sizeof(int) <= bytes; data += sizeof(int))
                {
                    descriptors.Add(*(int*)(control + at + data));
                }
            }

            at += (bytes + 7) & ~7;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recvmsg(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int descriptor, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, nint argument);
}
