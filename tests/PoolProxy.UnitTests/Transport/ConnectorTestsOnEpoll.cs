using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

public sealed class ConnectorTestsOnEpoll() : ConnectorTests(TestEngine.Epoll);
