using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

[NeedsUring]
public sealed class ListenerTestsOnUring() : ListenerTests(TestEngine.Uring);
