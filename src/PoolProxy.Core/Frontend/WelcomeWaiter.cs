using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Core.Frontend;

/// <summary>
/// A client that logs in to a pool without servers waits for the first one, to learn what servers are like there, or whether the login is still
/// refused; it gives it back at once, untouched.
/// </summary>
internal sealed class WelcomeWaiter : IWaiter
{
    private readonly TaskCompletionSource<ProxyError?> _done = new(TaskCreationOptions.None);
    private readonly Pool _pool;

    public WelcomeWaiter(Pool pool, TimeSpan queryWaitTimeout)
    {
        _pool = pool;
        QueryWaitTimeout = queryWaitTimeout;
        Node = new WaiterNode(this);
    }

    public object Wearer => this;

    public TimeSpan QueryWaitTimeout { get; }

    public bool IsLoggingIn => true;

    public bool OnlyLooks => true;

    public WaiterNode Node { get; }

    /// <summary>Null once the pool has a welcome; else why it has none.</summary>
    public Task<ProxyError?> RunAsync()
    {
        _pool.Wait(this);
        return _done.Task;
    }

    /// <summary>The client has left meanwhile.</summary>
    public void GiveUp(ProxyError error)
    {
        if (Node.IsQueued)
        {
            _pool.Leave(this);
        }

        _done.TrySetResult(error);
    }

    public void Granted(ServerConnection server)
    {
        _pool.Release(server);
        _done.TrySetResult(null);
    }

    public void Rejected(ProxyError error) => _done.TrySetResult(error.AsFatal());

    public void NotifyQueued()
    {
        // Notices before AuthenticationOk would confuse drivers.
    }
}
