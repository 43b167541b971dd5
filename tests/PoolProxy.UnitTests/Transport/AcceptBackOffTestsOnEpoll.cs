using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

public sealed class AcceptBackOffTestsOnEpoll() : AcceptBackOffTests(TestEngine.Epoll);
