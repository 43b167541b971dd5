using PoolProxy.Core.Loops;
using PoolProxy.Core.Loops.Uring;

namespace PoolProxy.Testing.Loops;

/// <summary>Makes the engines of tests.</summary>
internal static class TestEngines
{
    /// <summary>What makes the engine of a loop.</summary>
    public static Func<Loop, ILoopEngine> Factory(this TestEngine engine) => engine switch
    {
        TestEngine.Uring => static loop => new UringEngine(loop),
        _ => static loop => new EpollEngine(loop),
    };
}
