using PoolProxy.Core.Loops;

namespace PoolProxy.Core.Transport;

/// <summary>A handshake under way: the task that cold code awaits, its deadline, and cipher that waits for a share of a later turn.</summary>
internal sealed class TlsHandshake(Connection connection) : TimerNode
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _completion.Task;

    /// <summary>Cipher received but not fed yet; reading stands still meanwhile, so it is one piece at most.</summary>
    public LoopBuffer? HeldBack { get; set; }

    public void Complete()
    {
        connection.Loop.Timers.Disarm(this);
        _completion.TrySetResult();
    }

    public void Fail(ConnectionEnd end)
    {
        connection.Loop.Timers.Disarm(this);
        HeldBack?.Return();
        HeldBack = null;
        _completion.TrySetException(new ConnectionEndedException(end));

        // Whoever awaits it learns it there; when nobody does any more, that is no fault either.
        _ = _completion.Task.Exception;
    }

    protected internal override void OnDue(long nowMilliseconds) => connection.OnHandshakeTimeout();
}
