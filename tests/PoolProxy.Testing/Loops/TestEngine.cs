namespace PoolProxy.Testing.Loops;

/// <summary>The engine that a test's loops wait with.</summary>
public enum TestEngine
{
    /// <summary>epoll, which every Linux has.</summary>
    Epoll,

    /// <summary>io_uring; where the system forbids it the test fails.</summary>
    Uring,
}
