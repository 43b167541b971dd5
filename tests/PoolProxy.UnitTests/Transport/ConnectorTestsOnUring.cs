using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

[NeedsUring]
public sealed class ConnectorTestsOnUring() : ConnectorTests(TestEngine.Uring);
