using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

[NeedsUring]
public sealed class AllocationTestsOnUring() : AllocationTests(TestEngine.Uring);
