using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Pooling;

namespace PoolProxy.Microbench;

/// <summary>A client that waits for a server and remembers which it got.</summary>
internal sealed class PassingClient : IWaiter
{
    public PassingClient() => Node = new WaiterNode(this);

    /// <summary>What it was granted; null before.</summary>
    public ServerConnection? Server { get; private set; }

    public object Wearer => this;

    public TimeSpan QueryWaitTimeout => TimeSpan.FromMinutes(1);

    public bool IsLoggingIn => false;

    public WaiterNode Node { get; }

    public void Granted(ServerConnection server) => Server = server;

    public void Rejected(ProxyError error) => throw new InvalidOperationException(error.Message);

    public void NotifyQueued()
    {
    }
}
