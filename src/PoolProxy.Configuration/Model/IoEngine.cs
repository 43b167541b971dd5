namespace PoolProxy.Configuration.Model;

/// <summary>What a loop waits with: <c>io_engine</c>.</summary>
public enum IoEngine
{
    /// <summary><c>auto</c>: io_uring where the system has all that is needed of it, else epoll.</summary>
    Auto,

    /// <summary><c>io_uring</c>, or no start.</summary>
    Uring,

    /// <summary><c>epoll</c>.</summary>
    Epoll,
}
