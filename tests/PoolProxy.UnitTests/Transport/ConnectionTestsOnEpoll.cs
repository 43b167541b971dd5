using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

public sealed class ConnectionTestsOnEpoll() : ConnectionTests(TestEngine.Epoll);
