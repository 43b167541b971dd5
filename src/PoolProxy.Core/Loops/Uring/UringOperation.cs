namespace PoolProxy.Core.Loops.Uring;

/// <summary>What a completion is the completion of; travels in the top bits of its user data beside the <see cref="SocketId"/>.</summary>
internal enum UringOperation : byte
{
    /// <summary>A cancellation: the cancelled operation's own completion says all there is to say.</summary>
    Cancel,

    /// <summary>A multishot receive.</summary>
    Receive,

    /// <summary>A send of one or several pieces.</summary>
    Send,

    /// <summary>The readiness of somebody else's descriptor.</summary>
    Poll,

    /// <summary>Another thread has written to the wake descriptor.</summary>
    Wake,
}
