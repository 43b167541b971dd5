using PoolProxy.UnitTests.Architecture.Samples.Open;

namespace PoolProxy.UnitTests.Architecture.Samples.Lower;

/// <summary>Names its own room and an open one only.</summary>
internal sealed class StayingDown
{
    internal static int Run() => OpenDoor.Call() + ByNestedType.Inner.Run();
}
