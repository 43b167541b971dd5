using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

public sealed class ListenerTestsOnEpoll() : ListenerTests(TestEngine.Epoll);
