namespace PoolProxy.Core.Loops;

/// <summary>
/// The lock of something that several loops share. With one loop there is nobody to keep out, and entering costs one comparison. Held for
/// moments: under it no await, no I/O, no callback, no log, and no other gate.
/// </summary>
/// <param name="isShared">Several loops will enter.</param>
internal sealed class LoopGate(bool isShared)
{
    private readonly Lock? _lock = isShared ? new Lock() : null;

    /// <summary>Enters, and leaves at the end of the <c>using</c>.</summary>
    public Scope Enter()
    {
        _lock?.Enter();
        return new Scope(_lock);
    }

    /// <summary>The time inside.</summary>
    public readonly ref struct Scope(Lock? entered)
    {
        public void Dispose() => entered?.Exit();
    }
}
