namespace PoolProxy.Sandbox.Issuers;

/// <summary>How an issuer answers from now on, and the requests that it holds back meanwhile. Thread-safe.</summary>
internal sealed class FaultSwitch
{
    private readonly Lock _gate = new();
    private IssuerFault _fault;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waiting;
    private int _mostWaiting;

    /// <summary>A change lets every held-back request go.</summary>
    public IssuerFault Fault
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }
        set
        {
            TaskCompletionSource changed;
            lock (_gate)
            {
                _fault = value;
                changed = _changed;
                _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
            changed.SetResult();
        }
    }

    /// <summary>Requests that <see cref="IssuerFault.Slow"/> holds back now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The most that were held back at the same time.</summary>
    public int MostWaiting => Volatile.Read(ref _mostWaiting);

    /// <summary>The fault that a request has come under; under <see cref="IssuerFault.Slow"/> it waits first.</summary>
    public async Task<IssuerFault> EnterAsync(CancellationToken cancellation)
    {
        Task changed;
        IssuerFault fault;
        lock (_gate)
        {
            changed = _changed.Task;
            fault = _fault;
            if (fault != IssuerFault.Slow)
            {
                return fault;
            }
            _mostWaiting = Math.Max(_mostWaiting, Interlocked.Increment(ref _waiting));
        }
        try
        {
            await changed.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
        return fault;
    }
}
