namespace PoolProxy.Core.Loops;

/// <summary>A level-triggered watch on a descriptor that belongs to someone else: a listening or a connecting socket.</summary>
internal abstract class EngineWatch : IDisposable
{
    /// <summary>Whether readiness is reported; on at first. Off while a listener backs off.</summary>
    public abstract bool IsEnabled { get; set; }

    /// <summary>Ends it; to be called before the descriptor is closed.</summary>
    public abstract void Dispose();
}
