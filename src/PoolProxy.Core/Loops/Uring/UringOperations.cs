using static PoolProxy.Core.Loops.Uring.UringConstants;

namespace PoolProxy.Core.Loops.Uring;

/// <summary>Writes the entries of the operations that an engine uses; they go to the kernel with the others of the turn.</summary>
internal sealed unsafe class UringOperations(Ring ring)
{
    /// <summary>Descriptions of sends of several pieces, read by the kernel when it takes their entries.</summary>
    public VectorArena Vectors { get; } = new();

    /// <summary>An entry of that operation for that socket, to be filled in at once.</summary>
    public void Prepare(UringSocket socket, UringOperation operation, out SubmissionEntry* entry)
    {
        if (Vectors.IsFull)
        {
            ring.Enter(0, 0);
            ResetVectors();
        }

        entry = ring.Next();
        entry->Descriptor = socket.DescriptorInUse;
        entry->UserData = socket.Id.ToUserData((byte)operation);
    }

    /// <summary>A receive that goes on until it is cancelled, has no buffer or meets the end.</summary>
    public void Receive(UringSocket socket)
    {
        Prepare(socket, UringOperation.Receive, out var entry);
        entry->Operation = IORING_OP_RECV;
        entry->Flags = IOSQE_BUFFER_SELECT;
        entry->OperationOptions = IORING_RECV_MULTISHOT;
        entry->BufferGroup = ProvidedBuffers.Group;
    }

    /// <summary>One report of readiness.</summary>
    public void Poll(SocketId id, int descriptor, uint events)
    {
        var entry = ring.Next();
        entry->Operation = IORING_OP_POLL_ADD;
        entry->Descriptor = descriptor;
        entry->OperationFlags = events;
        entry->UserData = id.ToUserData((byte)UringOperation.Poll);
    }

    /// <summary>Reports of each write to the wake descriptor, once each, so the descriptor's count is never read.</summary>
    public void PollWake(int descriptor)
    {
        var entry = ring.Next();
        entry->Operation = IORING_OP_POLL_ADD;
        entry->Descriptor = descriptor;
        entry->Length = IORING_POLL_ADD_MULTI;
        entry->OperationFlags = POLLIN;
        entry->UserData = default(SocketId).ToUserData((byte)UringOperation.Wake);
    }

    /// <summary>Asks the kernel to end an operation; its last completion says that it has.</summary>
    public void Cancel(SocketId id, UringOperation operation)
    {
        var entry = ring.Next();
        entry->Operation = IORING_OP_ASYNC_CANCEL;
        entry->Descriptor = -1;
        entry->Target = id.ToUserData((byte)operation);
        entry->UserData = id.ToUserData((byte)UringOperation.Cancel);
    }

    /// <summary>What has been submitted needs its descriptions no longer.</summary>
    public void ResetVectors()
    {
        if (ring.Unsubmitted == 0)
        {
            Vectors.Reset();
        }
    }
}
