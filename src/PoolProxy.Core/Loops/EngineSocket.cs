namespace PoolProxy.Core.Loops;

/// <summary>
/// One connected descriptor in an engine's care. Sends never throw for what a peer does and never call back from inside; an error becomes
/// <see cref="ISocketEvents.OnEnd"/> later, after what the peer had sent before has been delivered.
/// </summary>
internal abstract class EngineSocket(SocketId id, int descriptor, ISocketEvents events)
{
    public SocketId Id { get; } = id;

    /// <summary>The kernel's number, for socket options only; −1 once closed.</summary>
    public int Descriptor { get; protected set; } = descriptor;

    public bool IsClosed => Descriptor < 0;

    /// <summary>
    /// Bytes accepted by Send that have to wait for the peer. An engine that sends at the end of a turn does not count what it has not tried
    /// yet, unless it is much: see <see cref="Flush"/>.
    /// </summary>
    public abstract int BacklogBytes { get; }

    protected ISocketEvents Events { get; } = events;

    public abstract void StartReceiving();

    /// <summary>Nothing is delivered any more, not even the end of the stream, until <see cref="StartReceiving"/>; a failed send is.</summary>
    public abstract void StopReceiving();

    /// <summary>One write; clears the list. What the peer does not take now is kept and sent in order.</summary>
    public abstract void Send(SegmentList segments);

    /// <summary>One write of bytes that stay valid until it returns.</summary>
    public abstract void Send(ReadOnlySpan<byte> bytes);

    /// <summary>Tries now what would be tried at the end of the turn: afterwards <see cref="BacklogBytes"/> is all that is left.</summary>
    public abstract void Flush();

    /// <summary>
    /// Gives the descriptor up without closing it, for a move to another loop; only with an empty backlog. The new owner is called when the
    /// kernel has let go of it, before this returns or later; nothing else is called back any more.
    /// </summary>
    public abstract void Release(SocketReleased onReleased, object? state);

    /// <summary>
    /// Closes it; the backlog is dropped and nothing is called back any more. With <paramref name="discardsUnread"/> the peer gets no reset for
    /// what it has sent and nobody has read (TCP).
    /// </summary>
    public abstract void Close(bool discardsUnread);
}
