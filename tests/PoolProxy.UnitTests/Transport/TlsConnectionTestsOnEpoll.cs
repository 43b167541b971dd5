using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

public sealed class TlsConnectionTestsOnEpoll() : TlsConnectionTests(TestEngine.Epoll);
