using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

public sealed class ColdChannelTestsOnEpoll() : ColdChannelTests(TestEngine.Epoll);
