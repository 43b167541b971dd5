namespace PoolProxy.Core.Loops.Uring;

/// <summary>
/// A listening or connecting descriptor on io_uring; the descriptor stays its owner's. One poll at a time, armed again after each callback, so
/// that readiness which is left over is reported again.
/// </summary>
internal sealed class UringWatch(UringEngine engine, SocketId id, int descriptor, uint interest, Action<object?> onReady, object? state)
    : EngineWatch, IUringEntry
{
    private bool _isEnabled = true;
    private bool _isDisposed;
    private bool _isArmed;
    private bool _isCancelling;

    public override bool IsEnabled
    {
        get => _isEnabled;
        set
        {
            if (_isEnabled == value || _isDisposed)
            {
                return;
            }

            _isEnabled = value;
            if (value)
            {
                Arm();
            }
            else
            {
                Cancel();
            }
        }
    }

    /// <summary>The poll holds on to the file: it has ended before this returns, so that closing the descriptor closes what is behind it.</summary>
    public override void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        IsEnabled = false;
        _isDisposed = true;
        if (_isArmed)
        {
            engine.WaitForFinal(id, UringOperation.Poll);
        }
        else
        {
            engine.Remove(id);
        }
    }

    public void OnCompletion(UringOperation operation, in CompletionEntry completion)
    {
        _isArmed = false;
        _isCancelling = false;
        if (_isDisposed)
        {
            engine.Remove(id);
            return;
        }

        try
        {
            // Also an errno: the owner finds the error where it looks.
            if (_isEnabled && completion.Result != -Native.Errno.ECANCELED)
            {
                onReady(state);
            }
        }
        finally
        {
            if (_isEnabled)
            {
                Arm();
            }
        }
    }

    public void Close() => Dispose();

    internal UringWatch Begin()
    {
        Arm();
        return this;
    }

    private void Arm()
    {
        if (!_isArmed)
        {
            _isArmed = true;
            engine.Operations.Poll(id, descriptor, interest);
        }
    }

    private void Cancel()
    {
        if (_isArmed && !_isCancelling)
        {
            _isCancelling = true;
            engine.Operations.Cancel(id, UringOperation.Poll);
        }
    }
}
