namespace PoolProxy.Core.Loops;

/// <summary>
/// Brings the continuations of cold code back to its loop. It is current only while such code runs (its first part and each continuation),
/// never while the engine delivers I/O or a plain callback runs.
/// </summary>
internal sealed class LoopSynchronizationContext(Loop loop) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state)
    {
        var continuation = new Continuation(this, d, state);
        if (loop.IsCurrent)
        {
            loop.Defer(Run, continuation);
        }
        else
        {
            loop.Post(Run, continuation);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("A loop is never waited for.");

    public override SynchronizationContext CreateCopy() => this;

    private static void Run(object? item)
    {
        var continuation = (Continuation)item!;
        SetSynchronizationContext(continuation.Context);
        try
        {
            continuation.Callback(continuation.State);
        }
        finally
        {
            SetSynchronizationContext(null);
        }
    }

    private sealed record Continuation(LoopSynchronizationContext Context, SendOrPostCallback Callback, object? State);
}
