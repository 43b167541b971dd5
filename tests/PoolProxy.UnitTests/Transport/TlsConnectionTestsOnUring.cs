using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

[NeedsUring]
public sealed class TlsConnectionTestsOnUring() : TlsConnectionTests(TestEngine.Uring);
