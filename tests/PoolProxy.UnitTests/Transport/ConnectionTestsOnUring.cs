using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

[NeedsUring]
public sealed class ConnectionTestsOnUring() : ConnectionTests(TestEngine.Uring);
