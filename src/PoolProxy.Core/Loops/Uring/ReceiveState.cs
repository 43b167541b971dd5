namespace PoolProxy.Core.Loops.Uring;

/// <summary>Where a socket's multishot receive is.</summary>
internal enum ReceiveState : byte
{
    /// <summary>None is under way. The kernel holds up the peer.</summary>
    Idle,

    /// <summary>Under way: it completes again and again, until a completion says that it was the last.</summary>
    Armed,

    /// <summary>Under way, and its cancellation too: pieces may still come until the last completion.</summary>
    Cancelling,

    /// <summary>Ended because there was no buffer; waits in the engine's queue until some have come back.</summary>
    Starved,
}
