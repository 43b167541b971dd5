namespace PoolProxy.Core.Pooling;

/// <summary>
/// Tells whoever listens that servers have become fewer, or that a PAUSE was undone: for commands that answer only then. Told from any
/// loop, with no lock held; a listener only takes note and looks for itself later, on its own loop. Costs a read where nobody listens.
/// </summary>
internal sealed class PoolNews
{
    private readonly Lock _gate = new();
    private volatile Action[] _listeners = [];

    /// <summary>From here on it is told; what happened before it has to look for.</summary>
    public void Subscribe(Action listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners, listener];
        }
    }

    public void Unsubscribe(Action listener)
    {
        lock (_gate)
        {
            _listeners = Array.FindAll(_listeners, known => known != listener);
        }
    }

    public void Tell()
    {
        foreach (var listener in _listeners)
        {
            listener();
        }
    }
}
