using System.ComponentModel;
using PoolProxy.Core.Loops.Native;
using static PoolProxy.Core.Loops.Uring.UringConstants;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// Finds out whether this kernel, in this container, has the io_uring that <see cref="UringEngine"/> needs. Many containers forbid the system
/// calls, and older kernels know the operations but not all their ways, which no probe tells: so after the probe a ring is made and used.
/// </summary>
internal static unsafe class UringProbe
{
    private static readonly byte[] Needed =
        [IORING_OP_POLL_ADD, IORING_OP_SENDMSG, IORING_OP_ASYNC_CANCEL, IORING_OP_SEND, IORING_OP_RECV];

    /// <summary>Why it cannot be used, in words for the log and the fault; null when it can.</summary>
    public static string? FindObstacle()
    {
        ProvidedBuffers? buffers = null;
        try
        {
            buffers = new ProvidedBuffers(count: 2, sizeBytes: 64, smallestWindow: 2);
            using var ring = new Ring(submissionEntries: 8, completionEntries: 16);
            ring.Enable();
            return FindMissingOperation(ring) ?? TryReceive(ring, buffers);
        }
        catch (Win32Exception failure)
        {
            return $"{failure.Message}: {Errno.TextOf(failure.NativeErrorCode)}";
        }
        finally
        {
            // After the ring, which knows their addresses.
            buffers?.Free();
        }
    }

    private static string? FindMissingOperation(Ring ring)
    {
        // struct io_uring_probe: last operation, count, 14 reserved bytes; then 8 bytes an operation, with flags at 2, of which 1 is "supported".
        const int Head = 16;
        const int Each = 8;
        const int Count = 64;
        var probe = stackalloc byte[Head + (Each * Count)];
        new Span<byte>(probe, Head + (Each * Count)).Clear();
        if (ring.Register(IORING_REGISTER_PROBE, probe, Count) is < 0 and var error)
        {
            return $"IORING_REGISTER_PROBE failed: {Errno.TextOf(-error)}";
        }

        foreach (var operation in Needed)
        {
            if ((probe[Head + (Each * operation) + 2] & 1) == 0)
            {
                return $"the kernel's io_uring lacks operation {operation}";
            }
        }

        return null;
    }

    // A multishot receive into provided buffers must bring what is sent, go on after it, and end when it is cancelled.
    private static string? TryReceive(Ring ring, ProvidedBuffers buffers)
    {
        var pair = stackalloc int[2] { -1, -1 };
        try
        {
            if (buffers.Register(ring) is < 0 and var error)
            {
                return $"IORING_REGISTER_PBUF_RING failed: {Errno.TextOf(-error)}";
            }

            if (Libc.socketpair(Libc.AF_UNIX, Libc.SOCK_STREAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0, pair) < 0)
            {
                return $"socketpair failed: {Errno.TextOf(Libc.LastError)}";
            }

            return Exchange(ring, buffers, pair[0], pair[1]);
        }
        finally
        {
            _ = Libc.close(pair[0]);
            _ = Libc.close(pair[1]);
        }
    }

    private static string? Exchange(Ring ring, ProvidedBuffers buffers, int receiver, int sender)
    {
        const ulong Receive = 1;
        const ulong Cancel = 2;
        var entry = ring.Next();
        entry->Operation = IORING_OP_RECV;
        entry->Flags = IOSQE_BUFFER_SELECT;
        entry->OperationOptions = IORING_RECV_MULTISHOT;
        entry->BufferGroup = ProvidedBuffers.Group;
        entry->Descriptor = receiver;
        entry->UserData = Receive;
        ring.Enter(0, 0);

        var word = (byte)'x';
        _ = Libc.send(sender, &word, 1, Libc.MSG_NOSIGNAL | Libc.MSG_DONTWAIT);
        if (!TryWait(ring, Receive, out var received))
        {
            return "a multishot receive brought nothing";
        }

        if (received.Result != 1 || !received.HasMore || received.BufferId < 0 || *buffers.PointerOf(received.BufferId) != word)
        {
            return received.Result < 0
                ? $"a multishot receive failed: {Errno.TextOf(-received.Result)}"
                : "a multishot receive did not go on";
        }

        entry = ring.Next();
        entry->Operation = IORING_OP_ASYNC_CANCEL;
        entry->Descriptor = -1;
        entry->Target = Receive;
        entry->UserData = Cancel;
        return TryWait(ring, Receive, out var last) && !last.HasMore ? null : "a receive cannot be cancelled";
    }

    private static bool TryWait(Ring ring, ulong userData, out CompletionEntry completion)
    {
        const int Tries = 10;
        const int EachMilliseconds = 100;
        for (var i = 0; i < Tries; i++)
        {
            while (ring.TryTake(out completion))
            {
                if (completion.UserData == userData)
                {
                    return true;
                }
            }

            ring.Enter(1, EachMilliseconds);
        }

        completion = default;
        return false;
    }
}
