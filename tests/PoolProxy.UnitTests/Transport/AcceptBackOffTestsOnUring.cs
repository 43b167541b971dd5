using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

[NeedsUring]
public sealed class AcceptBackOffTestsOnUring() : AcceptBackOffTests(TestEngine.Uring);
