using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Transport;

[NeedsUring]
public sealed class ColdChannelTestsOnUring() : ColdChannelTests(TestEngine.Uring);
