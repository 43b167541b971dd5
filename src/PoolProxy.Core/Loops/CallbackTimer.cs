namespace PoolProxy.Core.Loops;

/// <summary>A <see cref="TimerNode"/> for owners that have several deadlines and so cannot derive from it for each.</summary>
internal sealed class CallbackTimer(Action<object?, long> callback, object? state) : TimerNode
{
    protected internal override void OnDue(long nowMilliseconds) => callback(state, nowMilliseconds);
}
