namespace PoolProxy.Configuration.Model;

/// <summary>What a loop waits with: <c>io_engine</c>.</summary>
public enum IoEngine
{
    /// <summary><c>auto</c>: the best one that this version and this kernel have.</summary>
    Auto,

    /// <summary><c>epoll</c>.</summary>
    Epoll,
}
