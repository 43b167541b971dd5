using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

public sealed class AllocationTestsOnEpoll() : AllocationTests(TestEngine.Epoll);
